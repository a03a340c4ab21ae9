/** Who is calling, from where, how often, and with which idempotency key. */
@NullMarked
@CheckReturnValue
package io.concert.http.access;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
