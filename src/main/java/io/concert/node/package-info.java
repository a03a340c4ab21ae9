/** One node from start to stop: settings, wiring, the order of going up and down. */
@NullMarked
@CheckReturnValue
package io.concert.node;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
