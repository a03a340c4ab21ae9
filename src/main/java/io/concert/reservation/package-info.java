/** Seat maps and claims: a seat is held for one person at a time and sold once. */
@NullMarked
@CheckReturnValue
package io.concert.reservation;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
