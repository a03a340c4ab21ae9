/**
 * Typed request and reply over the clustered event bus: addresses, their codecs, their timeouts.
 */
@NullMarked
@CheckReturnValue
package io.concert.bus;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
