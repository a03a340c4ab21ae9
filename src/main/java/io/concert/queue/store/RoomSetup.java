package io.concert.queue.store;

import io.concert.domain.RoomId;
import io.concert.postgres.Sql;
import io.concert.queue.api.RoomSettings;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;

/** Sees to it that the default room has a row. */
public final class RoomSetup {
  private static final String UPSERT =
      """
      insert into room as r
        (id, capacity, session_seconds, reentry_seconds, first_action_seconds)
      values ($1, $2, $4, $6, $8)
      on conflict (id) do update set
        capacity = case when $3 then excluded.capacity else r.capacity end,
        session_seconds = case when $5 then excluded.session_seconds else r.session_seconds end,
        first_action_seconds = case when $5
          then least(r.first_action_seconds, excluded.session_seconds)
          else r.first_action_seconds end,
        reentry_seconds = case when $7 then excluded.reentry_seconds else r.reentry_seconds end,
        version = r.version + 1
      where $3 or $5 or $7
      """;

  private RoomSetup() {}

  /**
   * Writes the default room's row as the settings say; call once at start. A session shorter than
   * the time for the first action shortens that, too.
   */
  public static Future<Void> apply(Sql sql, QueueSettings settings) {
    return sql.query(
            UPSERT,
            Tuple.of(
                RoomId.DEFAULT.name(),
                settings.capacity(),
                settings.capacityGiven(),
                (int) settings.session().toSeconds(),
                settings.sessionGiven(),
                (int) settings.reentry().toSeconds(),
                settings.reentryGiven(),
                (int) RoomSettings.usualFirstAction(settings.session()).toSeconds()))
        .mapEmpty();
  }
}
