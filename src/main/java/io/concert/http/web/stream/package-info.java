/** Event streams, and how many are open. */
@NullMarked
@CheckReturnValue
package io.concert.http.web.stream;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
