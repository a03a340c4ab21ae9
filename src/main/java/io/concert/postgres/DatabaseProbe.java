package io.concert.postgres;

import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;

/**
 * Whether the database takes changes. That it answers says little: a standby, a server that guards
 * its disk and one whose commits wait for a lost standby all answer.
 */
public final class DatabaseProbe {
  /** One row for all nodes; it waits for nobody but other probes. */
  private static final String WRITE =
      """
      update installation set probed_at = clock_timestamp()
      """;

  private final Sql sql;

  public DatabaseProbe(Sql sql) {
    this.sql = sql;
  }

  /**
   * @return fails with a {@link io.concert.domain.Fault} if a command would
   */
  public Future<Void> write() {
    return sql.query(WRITE, Tuple.tuple()).mapEmpty();
  }
}
