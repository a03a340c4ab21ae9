/** Where the sections of a seat plan stand when the plan doesn't say. */
@NullMarked
@CheckReturnValue
package io.concert.catalog.placement;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
