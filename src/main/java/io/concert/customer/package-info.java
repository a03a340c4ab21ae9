/** What operators do for and against single buyers: looking them up, banning them. */
@NullMarked
@CheckReturnValue
package io.concert.customer;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
