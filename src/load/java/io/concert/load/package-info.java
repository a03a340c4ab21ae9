/** What measurements of every kind share. */
@NullMarked
@CheckReturnValue
package io.concert.load;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
