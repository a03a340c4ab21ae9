/** Commands of many callers in one statement, and the idempotency keys of single ones. */
@NullMarked
@CheckReturnValue
package io.concert.postgres.batch;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
