/** What others may ask of seat maps: messages and the states of a seat. */
@NullMarked
@CheckReturnValue
package io.concert.reservation.api;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
