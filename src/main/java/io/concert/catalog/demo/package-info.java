/** The demo concerts on real seat plans. */
@NullMarked
@CheckReturnValue
package io.concert.catalog.demo;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
