package io.concert.queue.store;

import io.concert.domain.Fault;
import io.concert.domain.Place;
import io.concert.domain.RoomId;
import io.concert.domain.SessionId;
import io.concert.domain.UserId;
import io.concert.postgres.Sql;
import io.concert.postgres.batch.BatchLimits;
import io.concert.postgres.batch.Batcher;
import io.concert.postgres.batch.NaturalBatcher;
import io.concert.queue.room.RoomCommand;
import io.concert.queue.room.RoomReply;
import io.concert.queue.room.SessionRow;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rows of {@code room_session}: who is in, as the database decided. */
public final class RoomSessions {
  private static final String ADMIT = "select * from admit($1, $2, $3, $4, $5, $6)";
  private static final String END_DUE = "select * from end_due_sessions()";
  private static final String CHANGED = "select * from sessions_changed($1, $2, $3)";
  private static final String RAISE_EPOCH =
      "update room set epoch = $2 where id = $1 and epoch < $2";
  private static final String OPEN = "select * from open_room($1)";
  private static final String BEGIN_EPOCH = "select * from begin_and_read($1, $2, $3)";
  private static final String RESERVE = "select reserve($1, $2, $3) as reserved";
  private static final String MARK_WAITING =
      """
      with marked as (
        update room set people_wait = $2 where id = $1 and people_wait <> $2 returning id
      )
      insert into outbox (kind, at, room_id)
      select 6, clock_timestamp(), m.id from marked m, event_setting s
      where not $2 and (s.by_setting or s.by_webhooks)
      """;

  private static final String LOOK_UP =
      """
      select s.id as session_id, s.user_number, s.epoch, s.sequence,
        to_millis(s.arrived_at) as arrived, to_millis(s.ends_at) as ends,
        to_millis(s.lasts_until) as lasts, s.ended_at is not null as ended, s.returned
      from unnest($1::text[], $2::int[], $3::bigint[]) with ordinality
        as wanted (room_id, epoch, sequence, n)
      left join lateral session_at(wanted.room_id, wanted.epoch, wanted.sequence) s on true
      order by wanted.n
      """;

  /** By id, as everybody locks sessions; an end that was being written is waited for and stands. */
  private static final String ACTED =
      """
      with known as materialized (
        select id, ended_at, acted_at from room_session
        where id = any ($1::bigint[]) order by id for no key update
      )
      update room_session s set acted_at = clock_timestamp() from known
      where s.id = known.id and known.ended_at is null and known.acted_at is null
      """;

  private static final BatchLimits LIMITS = new BatchLimits(64, 2, 10_000);

  private final Sql sql;
  private final Batcher<Wanted, Optional<SessionRow>> lookUps;
  private final Batcher<SessionId, Boolean> firstActions;

  private record Wanted(RoomId room, Place place) {}

  /**
   * All that changed in a room, and the bound of the next look.
   *
   * @param peopleWait as was last marked
   */
  public record Changes(
      List<SessionRow> sessionRows, RoomCommand.RoomSnapshot reading, boolean peopleWait) {}

  /**
   * What an admission came to.
   *
   * @param decided people who were let in or not, and sessions that were overdue
   * @param epochLost whether nothing was done because another copy of the room has begun an epoch
   */
  public record Admitted(List<SessionRow> decided, boolean epochLost) {}

  /**
   * @param lost whether other copies may have given places that the caller doesn't know
   */
  public record Begun(RoomCommand.RoomSnapshot reading, boolean lost) {}

  public RoomSessions(Vertx vertx, Sql sql) {
    this.sql = sql;
    lookUps = new NaturalBatcher<>(vertx, LIMITS, this::lookUpAll);
    firstActions = new NaturalBatcher<>(vertx, LIMITS, this::allActed);
  }

  /**
   * Lets people in, in this order, while the room has free slots and isn't closed or paused and as
   * fast as its rate allows.
   *
   * @param epoch that the caller gives places in: only the newest may let people in
   * @return when it is here it is committed
   */
  public Future<Admitted> admit(RoomId room, int epoch, List<RoomReply.Candidate> people) {
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
    return sql.witnessedQuery(
            ADMIT, Tuple.of(room.name(), epoch, users, epochs, sequences, arrivals))
        .map(rows -> new Admitted(sessionRows(rows), isRefusal(rows)));
  }

  /** Ends the sessions of all rooms whose time is over, and gives back what nobody used in time. */
  public Future<Map<RoomId, List<SessionRow>>> endDue() {
    return sql.query(END_DUE, Tuple.tuple())
        .map(
            rows -> {
              Map<RoomId, List<SessionRow>> ended = new LinkedHashMap<>();
              for (Row row : rows) {
                ended
                    .computeIfAbsent(
                        new RoomId(row.getString("room_id")), room -> new ArrayList<>())
                    .add(sessionRow(row));
              }
              return ended;
            });
  }

  /**
   * The owner of a session has done something: it isn't given back. Late, repeated or for an ended
   * session it changes nothing. Many share a round trip.
   */
  public Future<Void> acted(SessionId session) {
    return firstActions.submit(session).mapEmpty();
  }

  /**
   * @param sinceXid the bound that the last look returned
   * @param epoch whose reserved places are wanted
   */
  public Future<Changes> changedSince(RoomId room, long sinceXid, int epoch) {
    return sql.query(CHANGED, Tuple.of(room.name(), sinceXid, epoch))
        .map(
            rows -> {
              Row first = first(room, rows);
              JsonObject reading = first.getJsonObject("reading");
              return new Changes(
                  sessionRows(rows),
                  RoomSnapshots.reading(sinceXid, first.getLong("as_of"), reading),
                  reading.getBoolean("peopleWait"));
            });
  }

  /**
   * The session that a place has led to, live or ended, the returned one only if there is no other;
   * many askers share a round trip.
   */
  public Future<Optional<SessionRow>> at(RoomId room, Place place) {
    return lookUps.submit(new Wanted(room, place));
  }

  /** A room that nobody has had in memory yet; see {@link #open(String, long)}. */
  public Future<Opened> open(String roomName) {
    return open(roomName, 0);
  }

  /**
   * A room that nobody has in memory any more, in an epoch of its own, with its live sessions.
   *
   * @param above an epoch that the room has had, though the database may have lost it
   */
  public Future<Opened> open(String roomName, long above) {
    return (above == 0
            ? Future.<RowSet<Row>>succeededFuture()
            : sql.query(RAISE_EPOCH, Tuple.of(roomName, (int) above)))
        .compose(raised -> sql.witnessedQuery(OPEN, Tuple.of(roomName)))
        .map(
            rows -> {
              Row first = first(new RoomId(roomName), rows);
              return new Opened(
                  first.getInteger("new_epoch"),
                  RoomSnapshots.reading(0, first.getLong("as_of"), first.getJsonObject("reading")),
                  sessionRows(rows),
                  first.getBoolean("people_waited"),
                  first.getLong("now_millis"));
            });
  }

  /**
   * Makes a draw that is due, and begins an epoch.
   *
   * @param giver the copy of the room that will give its places, as {@link OwnCopy} names it
   * @param knownEpoch of that copy
   * @return of an epoch that no other copy of the room gets, and of the moment in which it began
   */
  public Future<Begun> beginEpoch(RoomId room, long giver, int knownEpoch) {
    return sql.witnessedQuery(BEGIN_EPOCH, Tuple.of(room.name(), giver, knownEpoch))
        .map(
            rows -> {
              Row begun = rows.iterator().next();
              if (begun.getInteger("new_epoch") == null) {
                throw noRoom(room);
              }
              return new Begun(
                  RoomSnapshots.reading(0, 0, begun.getJsonObject("reading")),
                  begun.getBoolean("lost"));
            });
  }

  /**
   * Lets places of an epoch be given; a draw to come covers them.
   *
   * @param upTo how many in all
   * @return how many may be given; fewer than asked for once that draw was made, or a newer epoch
   *     begun
   */
  public Future<Integer> reserve(RoomId room, int epoch, int upTo) {
    return sql.witnessedQuery(RESERVE, Tuple.of(room.name(), epoch, upTo))
        .map(rows -> rows.iterator().next().getInteger("reserved"));
  }

  /** Notes whether anybody waits: anyone who opens the room after a loss has to know. */
  public Future<Void> markWaiting(RoomId room, boolean peopleWait) {
    return sql.query(MARK_WAITING, Tuple.of(room.name(), peopleWait)).mapEmpty();
  }

  private Future<List<Boolean>> allActed(List<SessionId> acted) {
    Long[] ids = acted.stream().map(SessionId::number).toArray(Long[]::new);
    return sql.query(ACTED, Tuple.tuple().addArrayOfLong(ids))
        .map(rows -> Collections.nCopies(acted.size(), true));
  }

  private Future<List<Optional<SessionRow>>> lookUpAll(List<Wanted> wanted) {
    String[] rooms = wanted.stream().map(one -> one.room().name()).toArray(String[]::new);
    Integer[] epochs = wanted.stream().map(one -> one.place().epoch()).toArray(Integer[]::new);
    Long[] sequences = wanted.stream().map(one -> one.place().sequence()).toArray(Long[]::new);
    return sql.query(LOOK_UP, Tuple.of(rooms, epochs, sequences))
        .map(
            rows -> {
              List<Optional<SessionRow>> found = new ArrayList<>(wanted.size());
              for (Row row : rows) {
                found.add(isSession(row) ? Optional.of(sessionRow(row)) : Optional.empty());
              }
              return found;
            });
  }

  /** The row that has what there is once, ahead of the sessions. */
  private static Row first(RoomId room, RowSet<Row> rows) {
    for (Row row : rows) {
      if (row.getLong("as_of") != null) {
        return row;
      }
    }
    throw noRoom(room);
  }

  /** {@code admit} refuses with one row in which nothing is. */
  private static boolean isRefusal(RowSet<Row> rows) {
    return rows.size() == 1 && !isSession(rows.iterator().next());
  }

  private static Fault noRoom(RoomId room) {
    return new Fault(Fault.Kind.INTERNAL, "there is no waiting room " + room);
  }

  private static List<SessionRow> sessionRows(RowSet<Row> rows) {
    List<SessionRow> sessionRows = new ArrayList<>();
    for (Row row : rows) {
      if (isSession(row)) {
        sessionRows.add(sessionRow(row));
      }
    }
    return sessionRows;
  }

  private static boolean isSession(Row row) {
    return row.getLong("session_id") != null;
  }

  private static SessionRow sessionRow(Row row) {
    return new SessionRow(
        new SessionId(row.getLong("session_id")),
        new UserId(row.getLong("user_number")),
        new Place(row.getInteger("epoch"), row.getLong("sequence")),
        row.getLong("arrived"),
        row.getLong("ends"),
        row.getLong("lasts"),
        row.getBoolean("ended"),
        row.getBoolean("returned"));
  }
}
