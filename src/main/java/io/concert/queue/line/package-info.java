/** The line of a waiting room: places, who of them is present, and their ranks. */
@NullMarked
@CheckReturnValue
package io.concert.queue.line;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
