package io.concert.grid.api;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Keeps the nodes from doing the same work at once where doing it twice would only be waste. It may
 * be granted twice in a network split or after a pause, so nothing that must be true rests on it.
 */
public interface ClusterLock {
  /**
   * Runs the work if nobody else holds the lock.
   *
   * @param lease the lock opens by itself after this long
   * @return whether the work ran, when it has ended
   */
  Future<Boolean> tryRun(String name, Duration lease, Supplier<Future<Void>> work);
}
