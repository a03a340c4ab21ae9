/**
 * The Hazelcast side: cluster start, replicated aggregates, the cluster lock. Nothing else imports
 * Hazelcast.
 */
@NullMarked
@CheckReturnValue
package io.concert.grid;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
