/** What operators do with seats: keep them from sale, give them back to it, end holds. */
@NullMarked
@CheckReturnValue
package io.concert.reservation.house;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
