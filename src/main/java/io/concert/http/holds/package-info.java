/** Holding seats, seeing one's holds and giving them back. */
@NullMarked
@CheckReturnValue
package io.concert.http.holds;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
