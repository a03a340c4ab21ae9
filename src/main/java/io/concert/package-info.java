/** An engine for high-demand ticket on-sales. Start reading at {@link io.concert.node}. */
@NullMarked
@CheckReturnValue
package io.concert;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
