/** Events and webhooks as others see them. */
@NullMarked
@CheckReturnValue
package io.concert.events.api;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
