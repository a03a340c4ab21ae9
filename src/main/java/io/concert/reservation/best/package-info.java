/** Which free seats are the best: rankings of neighbours by layout. */
@NullMarked
@CheckReturnValue
package io.concert.reservation.best;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
