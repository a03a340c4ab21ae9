/** Concerts, schedules and seat layouts: what is on sale, where its seats are, what they cost. */
@NullMarked
@CheckReturnValue
package io.concert.catalog;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
