package io.concert.queue;

import io.concert.domain.Fault;
import io.concert.domain.Place;
import io.concert.domain.RoomId;
import io.concert.domain.SessionId;
import io.concert.domain.UserId;
import io.concert.postgres.Batcher;
import io.concert.postgres.NaturalBatcher;
import io.concert.postgres.Sql;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rows of {@code room_session}: who is in, as the database decided. */
final class RoomSessions {
  private static final String ADMIT = "select * from admit($1, $2, $3, $4, $5)";
  private static final String END_DUE = "select * from end_due_sessions()";
  private static final String CHANGED = "select * from sessions_changed($1, $2)";

  private static final String LOOK_UP =
      """
      select s.id as session_id, s.user_number, s.epoch, s.sequence,
        to_millis(s.arrived_at) as arrived, to_millis(s.ends_at) as ends,
        to_millis(s.lasts_until) as lasts, s.ended_at is not null as ended
      from unnest($1::text[], $2::int[], $3::bigint[]) with ordinality
        as wanted (room_id, epoch, sequence, n)
      left join room_session s using (room_id, epoch, sequence)
      order by wanted.n
      """;

  /**
   * Should an admission commit while this waits for the room's row, its session isn't seen here; it
   * is at or above the bound, so the first look for changes brings it.
   */
  private static final String OPEN =
      """
      with opened as (update room set epoch = epoch + 1 where id = $1 returning id, epoch, capacity)
      select o.epoch as room_epoch, o.capacity,
        pg_snapshot_xmin(pg_current_snapshot())::text::bigint as as_of,
        s.id as session_id, s.user_number, s.epoch, s.sequence,
        to_millis(s.arrived_at) as arrived, to_millis(s.ends_at) as ends,
        to_millis(s.lasts_until) as lasts, false as ended
      from opened o left join room_session s on s.room_id = o.id and s.ended_at is null
      """;

  private static final int LOOK_UPS_AT_ONCE = 64;
  private static final int LOOK_UPS_IN_FLIGHT = 2;
  private static final int LOOK_UPS_WAITING = 10_000;

  private final Sql sql;
  private final Batcher<Wanted, Optional<SessionTruth>> lookUps;

  private record Wanted(RoomId room, Place place) {}

  /** All that changed in a room, and the bound of the next look. */
  record Changes(List<SessionTruth> truths, RoomCommand.Reading reading) {}

  RoomSessions(Sql sql) {
    this.sql = sql;
    this.lookUps =
        new NaturalBatcher<>(
            LOOK_UPS_AT_ONCE, LOOK_UPS_IN_FLIGHT, LOOK_UPS_WAITING, this::lookUpAll);
  }

  /**
   * Lets people in, in this order, while the room has free slots.
   *
   * @return those decided, let in or not, and sessions that were overdue; when it is here it is
   *     committed
   */
  Future<List<SessionTruth>> admit(RoomId room, List<RoomReply.Candidate> people) {
    Long[] users = new Long[people.size()];
    Integer[] epochs = new Integer[people.size()];
    Long[] sequences = new Long[people.size()];
    Long[] arrivals = new Long[people.size()];
    for (int i = 0; i < people.size(); i++) {
      RoomReply.Candidate one = people.get(i);
      users[i] = one.user().number();
      epochs[i] = one.place().epoch();
      sequences[i] = one.place().sequence();
      arrivals[i] = one.arrivalMillis();
    }
    return sql.query(ADMIT, Tuple.of(room.name(), users, epochs, sequences, arrivals))
        .map(RoomSessions::truths);
  }

  /** Ends the sessions of all rooms whose time is over. */
  Future<Map<RoomId, List<SessionTruth>>> endDue() {
    return sql.query(END_DUE, Tuple.tuple())
        .map(
            rows -> {
              Map<RoomId, List<SessionTruth>> ended = new LinkedHashMap<>();
              for (Row row : rows) {
                ended
                    .computeIfAbsent(
                        new RoomId(row.getString("room_id")), room -> new ArrayList<>())
                    .add(truth(row));
              }
              return ended;
            });
  }

  /**
   * @param sinceXid the bound that the last look returned
   */
  Future<Changes> changedSince(RoomId room, long sinceXid) {
    return sql.query(CHANGED, Tuple.of(room.name(), sinceXid))
        .map(rows -> new Changes(truths(rows), reading(room, rows)));
  }

  /** The session that a place has led to, live or ended; many askers share a round trip. */
  Future<Optional<SessionTruth>> at(RoomId room, Place place) {
    return lookUps.submit(new Wanted(room, place));
  }

  /** A room that nobody has in memory any more, in its next epoch, with its live sessions. */
  Future<WaitingRoom> open(String roomName) {
    return sql.query(OPEN, Tuple.of(roomName))
        .map(
            rows -> {
              RoomCommand.Reading reading = reading(new RoomId(roomName), rows);
              int epoch = rows.iterator().next().getInteger("room_epoch");
              return WaitingRoom.opened(epoch, reading, truths(rows));
            });
  }

  private Future<List<Optional<SessionTruth>>> lookUpAll(List<Wanted> wanted) {
    String[] rooms = wanted.stream().map(one -> one.room().name()).toArray(String[]::new);
    Integer[] epochs = wanted.stream().map(one -> one.place().epoch()).toArray(Integer[]::new);
    Long[] sequences = wanted.stream().map(one -> one.place().sequence()).toArray(Long[]::new);
    return sql.query(LOOK_UP, Tuple.of(rooms, epochs, sequences))
        .map(
            rows -> {
              List<Optional<SessionTruth>> found = new ArrayList<>(wanted.size());
              for (Row row : rows) {
                found.add(isSession(row) ? Optional.of(truth(row)) : Optional.empty());
              }
              return found;
            });
  }

  private static RoomCommand.Reading reading(RoomId room, RowSet<Row> rows) {
    if (rows.size() == 0) {
      throw new Fault(Fault.Kind.INTERNAL, "there is no waiting room " + room);
    }
    Row first = rows.iterator().next();
    return new RoomCommand.Reading(first.getLong("as_of"), first.getInteger("capacity"));
  }

  private static List<SessionTruth> truths(RowSet<Row> rows) {
    List<SessionTruth> truths = new ArrayList<>();
    for (Row row : rows) {
      if (isSession(row)) {
        truths.add(truth(row));
      }
    }
    return truths;
  }

  private static boolean isSession(Row row) {
    return row.getLong("session_id") != null;
  }

  private static SessionTruth truth(Row row) {
    return new SessionTruth(
        new SessionId(row.getLong("session_id")),
        new UserId(row.getLong("user_number")),
        new Place(row.getInteger("epoch"), row.getLong("sequence")),
        row.getLong("arrived"),
        row.getLong("ends"),
        row.getLong("lasts"),
        row.getBoolean("ended"));
  }
}
