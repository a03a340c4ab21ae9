/** Representations that are made once for many readers. */
@NullMarked
@CheckReturnValue
package io.concert.http.web.cached;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
