/** Events and webhooks as PostgreSQL keeps them. */
@NullMarked
@CheckReturnValue
package io.concert.events.store;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
