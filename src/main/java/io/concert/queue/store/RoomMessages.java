package io.concert.queue.store;

import io.concert.domain.Actor;
import io.concert.domain.RoomId;
import io.concert.postgres.AuditTrail;
import io.concert.postgres.Sql;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * What operators tell those who wait. Read for every look at a room, so what was read last is given
 * at once and renewed behind it, once a second at most; while the database is away the last
 * messages stay. Safe from any thread.
 */
public final class RoomMessages {
  /** Characters; a line or two on a phone. */
  public static final int LONGEST = 500;

  private static final Duration FRESH = Duration.ofSeconds(1);

  private static final String READ = "select room_id, text from room_message";

  private static final String PUT =
      """
      insert into room_message (room_id, text) values ($1, $2)
      on conflict (room_id) do update set text = excluded.text, changed_at = clock_timestamp()
      """;

  private static final String REMOVE = "delete from room_message where room_id = $1";

  private static final String ROOM = "select from room where id = $1";

  private final Sql sql;
  private final LongSupplier nanos;
  private final AtomicBoolean isReading = new AtomicBoolean();
  private volatile Map<RoomId, String> messages = Map.of();
  private volatile long readAt;

  /**
   * @param nanos monotonic
   */
  public RoomMessages(Sql sql, LongSupplier nanos) {
    this.sql = sql;
    this.nanos = nanos;
    this.readAt = nanos.getAsLong() - FRESH.toNanos();
  }

  /** At most some seconds old. Never waits. */
  public Optional<String> of(RoomId room) {
    if (nanos.getAsLong() - readAt >= FRESH.toNanos() && isReading.compareAndSet(false, true)) {
      var unused = read().onComplete(done -> isReading.set(false));
    }
    return Optional.ofNullable(messages.get(room));
  }

  private Future<Void> read() {
    readAt = nanos.getAsLong();
    return sql.query(READ, Tuple.tuple())
        .map(
            rows -> {
              Map<RoomId, String> read = new HashMap<>();
              for (Row row : rows) {
                read.put(new RoomId(row.getString("room_id")), row.getString("text"));
              }
              messages = Map.copyOf(read);
              return null;
            });
  }

  /**
   * Replaces a room's message and writes the audit log.
   *
   * @param text 1 to {@link #LONGEST} characters; empty takes the message away
   * @return false if there is no such room; fails with a {@link io.concert.domain.Fault}
   */
  public Future<Boolean> put(RoomId room, Optional<String> text, Actor actor) {
    return sql.transaction(
            connection ->
                Sql.execute(connection, ROOM, Tuple.of(room.name()))
                    .compose(
                        found ->
                            found.size() == 0
                                ? Future.succeededFuture(false)
                                : write(connection, room, text, actor).map(true)))
        .compose(put -> read().transform(read -> Future.succeededFuture(put)));
  }

  private static Future<Void> write(
      SqlConnection connection, RoomId room, Optional<String> text, Actor actor) {
    return text.map(put -> Sql.execute(connection, PUT, Tuple.of(room.name(), put)))
        .orElseGet(() -> Sql.execute(connection, REMOVE, Tuple.of(room.name())))
        .compose(
            written ->
                AuditTrail.write(
                    connection,
                    actor,
                    "room.message",
                    room.name(),
                    new JsonObject().put("text", text.orElse(null))));
  }
}
