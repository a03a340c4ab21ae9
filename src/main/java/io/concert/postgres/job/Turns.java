package io.concert.postgres.job;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Lets one node at a time do what all of them would do. It may be granted twice, so nothing that
 * must be true rests on it; the database's rows say what is left to do.
 */
@FunctionalInterface
public interface Turns {
  /**
   * Runs the work unless somebody is at it.
   *
   * @param lease after which another node may begin
   * @return whether the work ran, when it has ended
   */
  Future<Boolean> tryRun(String name, Duration lease, Supplier<Future<Void>> work);
}
