/** Looking at seats: dates, lists, layouts, states, streams of changes. */
@NullMarked
@CheckReturnValue
package io.concert.http.seats;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
