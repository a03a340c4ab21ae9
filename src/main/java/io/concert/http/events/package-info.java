/** The endpoints of events and webhooks. For operators. */
@NullMarked
@CheckReturnValue
package io.concert.http.events;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
