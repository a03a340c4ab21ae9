/** Entering the queue, polling, streams of places; waiting rooms and their administration. */
@NullMarked
@CheckReturnValue
package io.concert.http.queue;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
