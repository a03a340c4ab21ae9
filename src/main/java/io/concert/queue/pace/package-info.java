/** How fast a room moves: throughput, wait estimates, the interval between polls. */
@NullMarked
@CheckReturnValue
package io.concert.queue.pace;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
