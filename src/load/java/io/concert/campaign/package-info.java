/**
 * Real processes under faults: three nodes, PostgreSQL and a balancer, people who buy, and what is
 * done to them. Leaves a history that {@code io.concert.check} judges.
 */
@NullMarked
@CheckReturnValue
package io.concert.campaign;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
