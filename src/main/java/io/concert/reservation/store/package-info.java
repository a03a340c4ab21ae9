/** Seat claims and holds as PostgreSQL keeps them. */
@NullMarked
@CheckReturnValue
package io.concert.reservation.store;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
