package io.concert.grid.api;

import io.concert.domain.Aggregate;
import io.vertx.core.Future;
import java.util.Set;

/**
 * A family of aggregates, one a key, each living on one member of the cluster with a backup on
 * another.
 */
public interface ReplicatedAggregate<A extends Aggregate<C, E, R>, C, E, R> {
  /** Makes an aggregate that the grid doesn't have (any more) from what PostgreSQL knows. */
  interface Loader<A> {
    Future<A> load(String key);

    /**
     * @param above the {@link Aggregate#generation} that a copy has reached which is thrown away as
     *     the database has lost its end; 0 if there is none
     */
    default Future<A> load(String key, long above) {
      return load(key);
    }
  }

  /**
   * Runs a command on the aggregate's owner, loading the aggregate first if it is missing.
   *
   * @return the reply; fails with a {@link io.concert.domain.Fault}
   */
  Future<R> submit(String key, C command);

  /** Keys of loaded aggregates that this node owns at the moment: those it ticks and reconciles. */
  Set<String> ownedKeys();
}
