/** What recurs, on one node at a time where that is enough. */
@NullMarked
@CheckReturnValue
package io.concert.postgres.job;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
