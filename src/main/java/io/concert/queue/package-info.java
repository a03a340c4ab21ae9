/** Waiting rooms: who stands where, and who is let in when a slot is free. */
@NullMarked
@CheckReturnValue
package io.concert.queue;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
