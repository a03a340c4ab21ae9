package io.concert.reservation.store;

import io.concert.domain.ScheduleId;
import io.concert.postgres.Sql;
import io.concert.postgres.batch.BatchCall;
import io.concert.postgres.batch.BatchLimits;
import io.concert.postgres.batch.BatchMetrics;
import io.concert.postgres.batch.Batcher;
import io.concert.postgres.batch.NaturalBatcher;
import io.concert.reservation.api.ReservationMessages.Hold;
import io.concert.reservation.api.ReservationMessages.Release;
import io.concert.reservation.api.ReservationMessages.SeatRow;
import io.concert.reservation.api.SeatStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The claim rows in PostgreSQL: what is decided here is so, whatever a seat map believes. */
public final class SeatClaims {
  /** Two connections were as fast as more of them, and leave the pool to others. */
  private static final BatchLimits LIMITS = new BatchLimits(64, 2, 4_096);

  private final Sql sql;
  private final Batcher<Hold, HoldBatch.Judged> holds;
  private final Batcher<Release, ReleaseBatch.Judged> releases;
  private final HoldRecords records;
  private final Counter expired;

  public SeatClaims(Vertx vertx, Sql sql, HoldSettings settings, MeterRegistry registry) {
    this.sql = sql;
    records = new HoldRecords(vertx, sql, settings);
    expired =
        Counter.builder("holds_expired")
            .description("Seats that became free at the deadline of their hold")
            .register(registry);
    var holdSeats =
        new BatchCall(vertx, sql, HoldBatch.FUNCTION, HoldBatch.ARGUMENTS, HoldBatch.VERDICT);
    holds =
        new NaturalBatcher<>(
            vertx,
            LIMITS,
            new BatchMetrics(registry, "hold"),
            HoldBatch::touches,
            (batch, wait) ->
                holdSeats
                    .run(HoldBatch.arguments(batch, settings.holdFor()), wait)
                    .map(rows -> HoldBatch.judged(batch, rows)));
    var releaseSeats =
        new BatchCall(
            vertx, sql, ReleaseBatch.FUNCTION, ReleaseBatch.ARGUMENTS, ReleaseBatch.VERDICT);
    releases =
        new NaturalBatcher<>(
            vertx,
            LIMITS,
            new BatchMetrics(registry, "release"),
            ReleaseBatch::touches,
            (batch, wait) ->
                releaseSeats.run(ReleaseBatch.arguments(batch), wait).map(ReleaseBatch::judged));
  }

  /**
   * @param next pass it to the next look: it will miss nothing that this one couldn't see yet
   */
  public record Changes(long next, List<SeatRow> rows) {}

  /**
   * Judges in the database. After a lost connection it looks for seconds what came of it.
   *
   * @param hold names each seat once
   * @return fails with a {@link io.concert.domain.Fault} as the database does
   */
  public Future<HoldBatch.Judged> hold(Hold hold) {
    return holds.submit(hold);
  }

  /**
   * Gives a held seat back, if the user has it and in time.
   *
   * @return fails as {@link #hold}
   */
  public Future<ReleaseBatch.Judged> release(Release release) {
    return releases.submit(release);
  }

  public HoldRecords records() {
    return records;
  }

  private static final String FREE_DUE = "select * from free_due_claims($1)";

  /**
   * Gives back holds past their deadline, the oldest first.
   *
   * @param most how many at once
   * @return the rows that became free, by schedule
   */
  public Future<Map<ScheduleId, List<SeatRow>>> freeDue(int most) {
    return sql.query(FREE_DUE, Tuple.of(most))
        .map(
            rows -> {
              expired.increment(rows.size());
              var freed = new HashMap<ScheduleId, List<SeatRow>>();
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
  public Future<Map<ScheduleId, Changes>> changed(Map<ScheduleId, Long> since) {
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
  public Future<Changes> all(ScheduleId schedule) {
    return changed(Map.of(schedule, 0L))
        .map(changes -> Objects.requireNonNull(changes.get(schedule)));
  }

  private static final String SLICE =
      """
      select schedule_id, seat, state, user_number, fence, deadline from seat_claim
      where schedule_id = $1 and seat >= $2 order by seat limit $3
      """;

  /** Rows of a schedule by seat. */
  public Future<List<SeatRow>> slice(ScheduleId schedule, int from, int most) {
    return sql.query(SLICE, Tuple.of(schedule.number(), from, most)).map(SeatClaims::claims);
  }

  private static final String SOME =
      """
      select schedule_id, seat, state, user_number, fence, deadline from seat_claim
      where schedule_id = $1 and seat = any ($2)
      """;

  public Future<List<SeatRow>> some(ScheduleId schedule, List<Integer> seats) {
    var arguments = Tuple.of(schedule.number()).addArrayOfInteger(seats.toArray(Integer[]::new));
    return sql.query(SOME, arguments).map(SeatClaims::claims);
  }

  private static List<SeatRow> claims(RowSet<Row> rows) {
    var claims = new ArrayList<SeatRow>(rows.size());
    rows.forEach(row -> claims.add(claim(row)));
    return claims;
  }

  public static ScheduleId schedule(Row row) {
    return new ScheduleId(row.getLong("schedule_id"));
  }

  public static SeatRow claim(Row row) {
    Long user = row.getLong("user_number");
    OffsetDateTime deadline = row.getOffsetDateTime("deadline");
    return new SeatRow(
        row.getInteger("seat"),
        SeatStatus.of(row.getShort("state")),
        user == null ? 0 : user,
        row.getLong("fence"),
        deadline == null ? 0 : deadline.toInstant().toEpochMilli());
  }
}
