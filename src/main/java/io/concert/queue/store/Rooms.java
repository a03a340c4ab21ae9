package io.concert.queue.store;

import io.concert.domain.Actor;
import io.concert.domain.KeyRefusal;
import io.concert.domain.RoomId;
import io.concert.postgres.AuditTrail;
import io.concert.postgres.Sql;
import io.concert.postgres.batch.KeyedChange;
import io.concert.queue.api.DrawResult;
import io.concert.queue.api.PlannedDraw;
import io.concert.queue.api.QueueMessages;
import io.concert.queue.api.RoomChange;
import io.concert.queue.api.RoomSettings;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The waiting rooms' settings in PostgreSQL. Anyone who has a room in memory learns of a change
 * within seconds, or at once by {@link QueueMessages#SETTINGS_CHANGED}. Every future fails with a
 * {@link io.concert.domain.Fault} as the database does.
 */
public final class Rooms {
  private static final int SEED_BYTES = 32;

  private final Sql sql;
  private final SecureRandom random = new SecureRandom();

  public Rooms(Sql sql) {
    this.sql = sql;
  }

  /**
   * A room as its row says.
   *
   * @param settings {@code opensAt} is that of the opening to come, else of the last one
   * @param ahead the opening to come, if there is one
   * @param draws those made, by number
   */
  public record Room(
      RoomId id, RoomSettings settings, Optional<PlannedDraw> ahead, List<DrawResult> draws) {
    public Room {
      draws = List.copyOf(draws);
    }
  }

  private static final String ALL =
      "select r.id, room_reading(r.id, r.epoch) as reading from room r order by r.id";

  /** By name. */
  public Future<List<Room>> all() {
    return sql.query(ALL, Tuple.tuple())
        .map(
            rows -> {
              List<Room> all = new ArrayList<>();
              rows.forEach(row -> all.add(room(row)));
              return all;
            });
  }

  private static final String FIND =
      "select r.id, room_reading(r.id, r.epoch) as reading from room r where r.id = $1";

  /** Empty if there is no such room. */
  public Future<Optional<Room>> find(RoomId id) {
    return sql.query(FIND, Tuple.of(id.name()))
        .map(rows -> rows.stream().findFirst().map(Rooms::room));
  }

  private static final String CREATE =
      """
      insert into room (id, capacity, session_seconds) values ($1, $2, $3)
      on conflict (id) do nothing
      """;

  /** Before anything is read: admissions and draws wait, and so do other changes. */
  private static final String LOCK = "select from room where id = $1 for no key update";

  private static final String UPDATE =
      """
      update room set capacity = $2, session_seconds = $3, first_action_seconds = $4,
        admit_per_second = $5, joins_per_second = $6, presence_seconds = $7, reentry_seconds = $8,
        paused = $9, minimum_balance = $10, version = version + 1
      where id = $1
      """;

  private static final String PLAN_OPENING = "select plan_opening($1, $2, $3)";

  /**
   * Creates a room or replaces its settings, and writes the audit log. An opening to come is moved
   * to {@code opensAt}, which may be now, or made at once if there is none in the settings. Where
   * there is no opening to come, a time ahead makes one: its order will be drawn from a new secret
   * seed, among those who come from now on. A time that is past makes none.
   *
   * <p>Its answer is kept beside the actor's key, if there is one: sent again, it changes nothing.
   */
  public Future<PutReply> put(RoomId id, RoomSettings settings, Actor actor) {
    return once(actor, connection -> write(connection, id, settings, actor))
        .map(written -> (PutReply) written.reply());
  }

  /**
   * Changes the settings that are named and writes the audit log; whatever others change at the
   * same time stays changed. An opening that is named is planned, moved or made now as by {@link
   * #put}. Keys as there.
   */
  public Future<ChangeReply> change(RoomId id, RoomChange change, Actor actor) {
    return once(actor, connection -> rewrite(connection, id, change, actor)).map(Written::reply);
  }

  private Future<Written> once(Actor actor, Function<SqlConnection, Future<Written>> work) {
    return sql.transaction(
        connection ->
            KeyedChange.once(
                connection, actor.key(), new KeptRoom(), () -> work.apply(connection)));
  }

  /** What {@link #change} came to. */
  public sealed interface ChangeReply {}

  public record NoSuchRoom() implements ChangeReply {}

  /** Nothing was changed: the time for the first action would be longer than a session. */
  public record FirstActionTooLong() implements ChangeReply {}

  /** What {@link #put} came to. */
  public sealed interface PutReply extends ChangeReply {}

  /**
   * @param room as it is then
   * @param replayed it was made so for the first request with this key
   */
  public record Put(Room room, boolean replayed) implements PutReply {}

  /** Nothing was changed: the actor's key stands in the way. */
  public record KeyRefused(KeyRefusal reason) implements PutReply {}

  private record Written(ChangeReply reply, JsonObject reading) {}

  /** A room is kept as the database reads it. */
  private record KeptRoom() implements KeyedChange.Keeping<Written> {
    @Override
    public Optional<JsonObject> keep(Written written) {
      return written.reply() instanceof Put put
          ? Optional.of(
              new JsonObject().put("id", put.room().id().name()).put("reading", written.reading()))
          : Optional.empty();
    }

    @Override
    public Written again(JsonObject kept) {
      JsonObject reading = kept.getJsonObject("reading");
      return new Written(new Put(room(kept.getString("id"), reading), true), reading);
    }

    @Override
    public Written refused(KeyRefusal reason) {
      return new Written(new KeyRefused(reason), new JsonObject());
    }
  }

  private Future<Written> write(
      SqlConnection connection, RoomId id, RoomSettings settings, Actor actor) {
    return Sql.execute(connection, CREATE, creation(id, settings))
        .compose(
            made ->
                Sql.execute(connection, LOCK, Tuple.of(id.name()))
                    .compose(locked -> read(connection, id))
                    .compose(
                        before ->
                            replace(connection, id, settings)
                                .compose(
                                    replaced -> planOpening(connection, id, settings.opensAt()))
                                .compose(planned -> read(connection, id))
                                .compose(
                                    after ->
                                        AuditTrail.write(
                                                connection,
                                                actor,
                                                "room.put",
                                                id.name(),
                                                detail(made.rowCount() == 1, before, after))
                                            .map(audited -> written(after)))));
  }

  private Future<Written> rewrite(
      SqlConnection connection, RoomId id, RoomChange change, Actor actor) {
    return Sql.execute(connection, LOCK, Tuple.of(id.name()))
        .compose(
            locked ->
                locked.size() == 0
                    ? Future.succeededFuture(new Written(new NoSuchRoom(), new JsonObject()))
                    : read(connection, id)
                        .compose(before -> rewrite(connection, before, change, actor)));
  }

  private Future<Written> rewrite(
      SqlConnection connection, Row before, RoomChange change, Actor actor) {
    Room room = room(before);
    Optional<RoomSettings> settings = change.applyTo(room.settings());
    if (settings.isEmpty()) {
      return Future.succeededFuture(new Written(new FirstActionTooLong(), new JsonObject()));
    }
    return replace(connection, room.id(), settings.get())
        .compose(replaced -> open(connection, room.id(), change))
        .compose(opened -> read(connection, room.id()))
        .compose(
            after ->
                AuditTrail.write(
                        connection,
                        actor,
                        "room.change",
                        room.id().name(),
                        detail(false, before, after))
                    .map(audited -> written(after)));
  }

  private Future<Void> open(SqlConnection connection, RoomId id, RoomChange change) {
    return change
        .opening()
        .map(opening -> planOpening(connection, id, opening.at()))
        .orElseGet(Future::succeededFuture);
  }

  private static Written written(Row row) {
    return new Written(new Put(room(row), false), row.getJsonObject("reading"));
  }

  private static Future<RowSet<Row>> replace(
      SqlConnection connection, RoomId id, RoomSettings settings) {
    return Sql.execute(connection, UPDATE, replacement(id, settings));
  }

  private Future<Void> planOpening(SqlConnection connection, RoomId id, Optional<Instant> at) {
    Tuple opening = Tuple.of(id.name(), time(at), Buffer.buffer(seed()));
    return Sql.execute(connection, PLAN_OPENING, opening).mapEmpty();
  }

  private static Future<Row> read(SqlConnection connection, RoomId id) {
    return Sql.execute(connection, FIND, Tuple.of(id.name())).map(rows -> rows.iterator().next());
  }

  private byte[] seed() {
    byte[] seed = new byte[SEED_BYTES];
    random.nextBytes(seed);
    return seed;
  }

  private static Tuple creation(RoomId id, RoomSettings settings) {
    return Tuple.of(id.name(), settings.capacity(), (int) settings.session().toSeconds());
  }

  private static Tuple replacement(RoomId id, RoomSettings settings) {
    return creation(id, settings)
        .addInteger((int) settings.firstAction().toSeconds())
        .addInteger(settings.admitPerSecond())
        .addInteger(settings.joinsPerSecond())
        .addInteger((int) settings.presence().toSeconds())
        .addInteger((int) settings.reentry().toSeconds())
        .addBoolean(settings.paused())
        .addLong(settings.minimumBalance().amount());
  }

  private static JsonObject detail(boolean created, Row before, Row after) {
    return new JsonObject()
        .put("before", created ? null : before.getJsonObject("reading").getJsonObject("settings"))
        .put("after", after.getJsonObject("reading").getJsonObject("settings"));
  }

  /** Whole milliseconds, as all times that are told: what was read may be put again. */
  private static @Nullable OffsetDateTime time(Optional<Instant> instant) {
    return instant
        .map(at -> at.truncatedTo(ChronoUnit.MILLIS).atOffset(ZoneOffset.UTC))
        .orElse(null);
  }

  private static Room room(Row row) {
    return room(row.getString("id"), row.getJsonObject("reading"));
  }

  private static Room room(String id, JsonObject reading) {
    return new Room(
        new RoomId(id),
        RoomSnapshots.settings(reading),
        RoomSnapshots.ahead(reading),
        RoomSnapshots.draws(reading));
  }
}
