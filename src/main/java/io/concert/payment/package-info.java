/** Prepaid balances, bills and the double-entry ledger. */
@NullMarked
@CheckReturnValue
package io.concert.payment;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
