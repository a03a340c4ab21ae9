/** The rules of a waiting room: plain, deterministic, one value of the grid. */
@NullMarked
@CheckReturnValue
package io.concert.queue.room;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
