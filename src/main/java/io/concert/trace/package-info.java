/**
 * What a request goes through, told to a collector of traces, if one is set. Whoever does something
 * that Vert.x doesn't tell of by itself asks {@link io.concert.trace.Traces} for a step.
 */
@NullMarked
@CheckReturnValue
package io.concert.trace;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
