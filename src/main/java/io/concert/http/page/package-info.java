/** The pages for buyers and operators: static files with their headers. */
@NullMarked
@CheckReturnValue
package io.concert.http.page;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
