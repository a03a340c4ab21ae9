package io.concert.queue;

import io.concert.domain.RoomId;
import io.concert.postgres.Sql;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;

/** Sees to it that the default room has a row. */
public final class RoomSetup {
  private static final String UPSERT =
      """
      insert into room as r (id, capacity, session_seconds) values ($1, $2, $4)
      on conflict (id) do update set
        capacity = case when $3 then excluded.capacity else r.capacity end,
        session_seconds = case when $5 then excluded.session_seconds else r.session_seconds end
      """;

  private RoomSetup() {}

  /** Writes the default room's row as the settings say; call once at start. */
  public static Future<Void> apply(Sql sql, QueueSettings settings) {
    return sql.query(
            UPSERT,
            Tuple.of(
                RoomId.DEFAULT.name(),
                settings.capacity(),
                settings.capacityGiven(),
                (int) settings.session().toSeconds(),
                settings.sessionGiven()))
        .mapEmpty();
  }
}
