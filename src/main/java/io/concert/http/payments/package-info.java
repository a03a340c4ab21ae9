/** Balances, payments, bills and refunds. */
@NullMarked
@CheckReturnValue
package io.concert.http.payments;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
