/**
 * The PostgreSQL server: its address, an embedded one and its files, patience with one that starts.
 */
@NullMarked
@CheckReturnValue
package io.concert.postgres.server;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
