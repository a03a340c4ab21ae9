/** Health, metrics, invariants, the audit log and the contract's own pages. */
@NullMarked
@CheckReturnValue
package io.concert.http.ops;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
