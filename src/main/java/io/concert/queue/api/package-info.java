/** What others may ask of waiting rooms: messages and settings. */
@NullMarked
@CheckReturnValue
package io.concert.queue.api;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
