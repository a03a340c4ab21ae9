package io.concert.reservation;

import io.concert.domain.HoldId;
import io.concert.domain.ScheduleId;
import io.concert.domain.SeatId;
import io.concert.domain.Won;
import io.concert.postgres.BatchLimits;
import io.concert.postgres.Batcher;
import io.concert.postgres.NaturalBatcher;
import io.concert.postgres.Sql;
import io.concert.reservation.ReservationMessages.ClaimState;
import io.concert.reservation.ReservationMessages.Held;
import io.concert.reservation.ReservationMessages.HeldSeat;
import io.concert.reservation.ReservationMessages.Hold;
import io.concert.reservation.ReservationMessages.HoldRefusal;
import io.concert.reservation.ReservationMessages.HoldReply;
import io.concert.reservation.ReservationMessages.NotHeld;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The claim rows in PostgreSQL: what is decided here is so, whatever a seat map believes. */
final class SeatClaims {
  /** Two connections were as fast as more of them, and leave the pool to others. */
  private static final BatchLimits LIMITS = new BatchLimits(64, 2, 4_096);

  private final Sql sql;
  private final HoldSettings settings;
  private final Batcher<Hold, Judged> holds = new NaturalBatcher<>(LIMITS, this::holdAll);

  SeatClaims(Sql sql, HoldSettings settings) {
    this.sql = sql;
    this.settings = settings;
  }

  /**
   * @param truths the rows of the seats as they were after judging; none for a seat without a row
   */
  record Judged(HoldReply reply, List<ClaimState> truths) {}

  /**
   * @param next pass it to the next look: it will miss nothing that this one couldn't see yet
   */
  record Changes(long next, List<ClaimState> rows) {}

  /**
   * Judges in the database.
   *
   * @param hold names each seat once
   * @return fails with a {@link io.concert.domain.Fault} as the database does
   */
  Future<Judged> hold(Hold hold) {
    return holds.submit(hold);
  }

  private static final String HOLD_SEATS =
      "select * from hold_seats($1, $2, $3, $4, $5, $6) order by command";

  private Future<List<Judged>> holdAll(List<Hold> holds) {
    var command = new ArrayList<Integer>();
    var room = new ArrayList<String>();
    var user = new ArrayList<Long>();
    var schedule = new ArrayList<Long>();
    var seat = new ArrayList<Integer>();
    for (int i = 0; i < holds.size(); i++) {
      Hold hold = holds.get(i);
      for (SeatId wanted : hold.seats()) {
        command.add(i);
        room.add(hold.room().name());
        user.add(hold.user().number());
        schedule.add(hold.schedule().number());
        seat.add(wanted.index());
      }
    }
    var arguments =
        Tuple.of(
            command.toArray(Integer[]::new),
            room.toArray(String[]::new),
            user.toArray(Long[]::new),
            schedule.toArray(Long[]::new),
            seat.toArray(Integer[]::new),
            settings.holdFor().toMillis());
    return sql.query(HOLD_SEATS, arguments)
        .map(
            rows -> {
              var bySeat = new ArrayList<Map<Integer, Row>>();
              holds.forEach(hold -> bySeat.add(new HashMap<>()));
              rows.forEach(
                  row -> bySeat.get(row.getInteger("command")).put(row.getInteger("seat"), row));
              var judged = new ArrayList<Judged>();
              for (int i = 0; i < holds.size(); i++) {
                judged.add(judged(holds.get(i), bySeat.get(i)));
              }
              return judged;
            });
  }

  private static Judged judged(Hold hold, Map<Integer, Row> bySeat) {
    var rows =
        hold.seats().stream()
            .map(seat -> Objects.requireNonNull(bySeat.get(seat.index())))
            .toList();
    var truths =
        rows.stream().filter(row -> row.getValue("state") != null).map(SeatClaims::claim).toList();
    return new Judged(reply(hold, rows), truths);
  }

  private static HoldReply reply(Hold hold, List<Row> rows) {
    int verdict = rows.get(0).getInteger("verdict");
    return switch (verdict) {
      case 0 -> new Held(rows.stream().map(row -> heldSeat(hold, row)).toList());
      case 1 -> new NotHeld(HoldRefusal.SEAT_TAKEN, blocking(hold, rows));
      case 2 -> new NotHeld(HoldRefusal.LIMIT_REACHED, List.of());
      case 3 -> new NotHeld(HoldRefusal.NOT_ON_SALE, blocking(hold, rows));
      case 4 -> new NotHeld(HoldRefusal.NOT_ADMITTED, List.of());
      default -> throw new IllegalStateException("hold_seats answered " + verdict);
    };
  }

  private static HeldSeat heldSeat(Hold hold, Row row) {
    return new HeldSeat(
        new SeatId(hold.schedule(), row.getInteger("seat")),
        new HoldId(row.getLong("hold_id")),
        new Won(row.getLong("price")),
        row.getOffsetDateTime("held_at").toInstant(),
        row.getOffsetDateTime("deadline").toInstant());
  }

  private static List<SeatId> blocking(Hold hold, List<Row> rows) {
    return rows.stream()
        .filter(row -> row.getBoolean("blocking"))
        .map(row -> new SeatId(hold.schedule(), row.getInteger("seat")))
        .toList();
  }

  private static final String FREE_DUE = "select * from free_due_claims($1)";

  /**
   * Gives back holds past their deadline, the oldest first.
   *
   * @param most how many at once
   * @return the rows that became free, by schedule
   */
  Future<Map<ScheduleId, List<ClaimState>>> freeDue(int most) {
    return sql.query(FREE_DUE, Tuple.of(most))
        .map(
            rows -> {
              var freed = new HashMap<ScheduleId, List<ClaimState>>();
              for (Row row : rows) {
                freed.computeIfAbsent(schedule(row), first -> new ArrayList<>()).add(claim(row));
              }
              return freed;
            });
  }

  private static final String CHANGED =
      """
      select asked.schedule_id, changed.*
      from unnest($1::bigint[], $2::bigint[]) as asked (schedule_id, since)
      cross join lateral claims_changed(asked.schedule_id, asked.since) as changed
      """;

  /**
   * What has changed.
   *
   * @param since by schedule, where its last look ended; 0 for all rows
   * @return an entry for each schedule asked for, also for an unknown one
   */
  Future<Map<ScheduleId, Changes>> changed(Map<ScheduleId, Long> since) {
    var schedules = since.keySet().stream().toList();
    var arguments =
        Tuple.tuple()
            .addArrayOfLong(schedules.stream().map(ScheduleId::number).toArray(Long[]::new))
            .addArrayOfLong(schedules.stream().map(since::get).toArray(Long[]::new));
    return sql.query(CHANGED, arguments)
        .map(
            rows -> {
              var changes = new HashMap<ScheduleId, Changes>();
              for (Row row : rows) {
                var ofSchedule =
                    changes.computeIfAbsent(
                        schedule(row),
                        first -> new Changes(row.getLong("next_xid"), new ArrayList<>()));
                if (row.getInteger("seat") != null) {
                  ofSchedule.rows().add(claim(row));
                }
              }
              return changes;
            });
  }

  /** All rows of a schedule; none of an unknown one. */
  Future<List<ClaimState>> all(ScheduleId schedule) {
    return changed(Map.of(schedule, 0L))
        .map(changes -> Objects.requireNonNull(changes.get(schedule)).rows());
  }

  static ScheduleId schedule(Row row) {
    return new ScheduleId(row.getLong("schedule_id"));
  }

  static ClaimState claim(Row row) {
    Long user = row.getLong("user_number");
    OffsetDateTime deadline = row.getOffsetDateTime("deadline");
    return new ClaimState(
        row.getInteger("seat"),
        SeatStatus.of(row.getShort("state")),
        user == null ? 0 : user,
        row.getLong("fence"),
        deadline == null ? 0 : deadline.toInstant().toEpochMilli());
  }
}
