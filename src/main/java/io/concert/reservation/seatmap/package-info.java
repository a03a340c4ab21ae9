/** The rules of a seat map: plain, deterministic, one value of the grid. */
@NullMarked
@CheckReturnValue
package io.concert.reservation.seatmap;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
