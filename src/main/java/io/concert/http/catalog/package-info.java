/** Concerts and schedules, for buyers and for operators. */
@NullMarked
@CheckReturnValue
package io.concert.http.catalog;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
