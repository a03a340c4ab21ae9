/**
 * Ids, money, faults and the shape of a deterministic aggregate: what every feature speaks of.
 * Imports nothing but the JDK.
 */
@NullMarked
@CheckReturnValue
package io.concert.domain;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
