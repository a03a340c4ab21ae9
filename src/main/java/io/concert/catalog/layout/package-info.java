/** Seat layouts as they are kept and shown. */
@NullMarked
@CheckReturnValue
package io.concert.catalog.layout;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
