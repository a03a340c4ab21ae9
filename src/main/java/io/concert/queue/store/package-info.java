/** Waiting rooms and sessions as PostgreSQL keeps them. */
@NullMarked
@CheckReturnValue
package io.concert.queue.store;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
