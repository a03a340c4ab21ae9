package io.concert.events.store;

import io.concert.events.api.Event;
import io.concert.events.api.EventCursor;
import io.concert.postgres.Sql;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The published events. Every future fails with a {@link io.concert.domain.Fault} as the database
 * does.
 */
public final class EventLog {
  private static final int CHUNK = 1_000;

  private final Sql sql;

  public EventLog(Sql sql) {
    this.sql = sql;
  }

  private static final String SET_WRITTEN = "update event_setting set by_setting = $1";

  /** Whether events are written also without webhooks, from now on and by all nodes. */
  public Future<Void> setWritten(boolean written) {
    return sql.query(SET_WRITTEN, Tuple.of(written)).mapEmpty();
  }

  private static final String PUBLISH = "select publish_events($1) as published";

  /** All that were committed by now, unless another node is at it. Safe on all nodes at once. */
  public Future<Void> publish() {
    return repeat(PUBLISH, Tuple.of(CHUNK), "published");
  }

  private static final String DELETE = "select delete_old_events($1, $2) as deleted";

  /** Those that were published longer ago than that. */
  public Future<Void> deleteOlderThan(int days) {
    return repeat(DELETE, Tuple.of(days, CHUNK), "deleted");
  }

  private Future<Void> repeat(String function, Tuple arguments, String count) {
    return sql.query(function, arguments)
        .compose(
            rows ->
                rows.iterator().next().getInteger(count) < CHUNK
                    ? Future.succeededFuture()
                    : repeat(function, arguments, count));
  }

  /** One statement, so that what is deleted meanwhile isn't missed. */
  private static final String READ =
      """
      select s.deleted_to, %s
      from event_setting s
      left join lateral (
        select * from event where cursor > $1 order by cursor limit $2) e on true
      order by e.cursor
      """
          .formatted(EventRows.COLUMNS);

  /**
   * The events after a cursor, oldest first. Anyone who goes on with the last one's cursor misses
   * none, whenever they were committed.
   *
   * @return empty if some after the cursor were deleted as too old, unless it is {@link
   *     EventCursor#START}
   */
  public Future<Optional<List<Event>>> read(EventCursor after, int limit) {
    return sql.query(READ, Tuple.of(after.number(), limit))
        .map(
            rows -> {
              List<Event> events = new ArrayList<>();
              for (var row : rows) {
                if (after.number() > 0 && after.number() < row.getLong("deleted_to")) {
                  return Optional.<List<Event>>empty();
                }
                if (row.getLong("cursor") != null) {
                  events.add(EventRows.event(row));
                }
              }
              return Optional.of(List.copyOf(events));
            });
  }
}
