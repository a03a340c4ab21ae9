/** Delivering events to webhooks: whom, when, signed how. */
@NullMarked
@CheckReturnValue
package io.concert.events.delivery;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
