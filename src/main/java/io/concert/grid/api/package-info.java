/** What a feature gives the grid and asks of it: aggregates, codecs, locks. */
@NullMarked
@CheckReturnValue
package io.concert.grid.api;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
