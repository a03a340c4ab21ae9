/** What the operator sees: health, invariants, the audit log. */
@NullMarked
@CheckReturnValue
package io.concert.ops;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
