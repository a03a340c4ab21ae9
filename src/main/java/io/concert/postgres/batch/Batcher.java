package io.concert.postgres.batch;

import io.vertx.core.Future;

/**
 * Takes commands one by one and runs them in batches: one round trip, one commit, many verdicts.
 */
public interface Batcher<C, V> {
  /**
   * @return this command's own verdict; fails with a {@link io.concert.domain.Fault}: OVERLOADED at
   *     once when the backlog is full, else what the database met
   */
  Future<V> submit(C command);
}
