/** How an on-sale is likely to go: a model of it, plain Java. */
@NullMarked
@CheckReturnValue
package io.concert.forecast;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
