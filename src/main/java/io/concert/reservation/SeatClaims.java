package io.concert.reservation;

import io.concert.domain.ScheduleId;
import io.concert.postgres.BatchCall;
import io.concert.postgres.BatchLimits;
import io.concert.postgres.BatchMetrics;
import io.concert.postgres.Batcher;
import io.concert.postgres.NaturalBatcher;
import io.concert.postgres.Sql;
import io.concert.reservation.ReservationMessages.ClaimState;
import io.concert.reservation.ReservationMessages.Hold;
import io.concert.reservation.ReservationMessages.Release;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
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
  private final Batcher<Hold, HoldBatch.Judged> holds;
  private final Batcher<Release, ReleaseBatch.Judged> releases;
  private final HoldRecords records;

  SeatClaims(Vertx vertx, Sql sql, HoldSettings settings, MeterRegistry registry) {
    this.sql = sql;
    records = new HoldRecords(vertx, sql);
    var holdSeats =
        new BatchCall(vertx, sql, HoldBatch.FUNCTION, HoldBatch.ARGUMENTS, HoldBatch.VERDICT);
    holds =
        new NaturalBatcher<>(
            vertx,
            LIMITS,
            new BatchMetrics(registry, "hold"),
            HoldBatch::touches,
            batch ->
                holdSeats
                    .run(HoldBatch.arguments(batch, settings.holdFor()))
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
            batch -> releaseSeats.run(ReleaseBatch.arguments(batch)).map(ReleaseBatch::judged));
  }

  /**
   * @param next pass it to the next look: it will miss nothing that this one couldn't see yet
   */
  record Changes(long next, List<ClaimState> rows) {}

  /**
   * Judges in the database. After a lost connection it looks for seconds what came of it.
   *
   * @param hold names each seat once
   * @return fails with a {@link io.concert.domain.Fault} as the database does
   */
  Future<HoldBatch.Judged> hold(Hold hold) {
    return holds.submit(hold);
  }

  /**
   * Gives a held seat back, if the user has it and in time.
   *
   * @return fails as {@link #hold}
   */
  Future<ReleaseBatch.Judged> release(Release release) {
    return releases.submit(release);
  }

  HoldRecords records() {
    return records;
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
