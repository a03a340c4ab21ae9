package io.concert.node;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.concert.ops.InvariantWatch;
import io.concert.ops.Invariants;
import io.concert.ops.SaleWatch;
import io.concert.ops.report.ReportRecorder;
import io.concert.ops.report.ReportSteps;
import io.concert.ops.report.TallyBoard;
import io.concert.postgres.Sql;
import io.concert.postgres.job.ExpiredRows;
import io.concert.postgres.job.RecurringTask;
import io.concert.postgres.job.Turns;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** What one node of all does now and then for everybody, and what each does for the report. */
final class Housekeeping extends VerticleBase {
  private static final Duration EVERY = Duration.ofMinutes(1);
  private static final Duration COUNT_EVERY = Duration.ofSeconds(5);

  private static final Duration LAST_WRITE = Duration.ofSeconds(2);

  private final Sql sql;
  private final Turns turns;
  private final MeterRegistry registry;
  private final TallyBoard tally;
  private final InstantSource clock;
  private final int reportDays;
  private @Nullable ReportRecorder recorder;

  Housekeeping(
      Sql sql,
      Turns turns,
      MeterRegistry registry,
      TallyBoard tally,
      InstantSource clock,
      int reportDays) {
    this.sql = sql;
    this.turns = turns;
    this.registry = registry;
    this.tally = tally;
    this.clock = clock;
    this.reportDays = reportDays;
  }

  @Override
  public Future<?> start() {
    var expired = new ExpiredRows(sql);
    var watch = new InvariantWatch(new Invariants(sql), registry);
    RecurringTask.onOneNode(vertx, "delete expired rows", turns, expired::delete).start(EVERY);
    RecurringTask.onOneNode(vertx, "check the invariants", turns, watch::checkIfRested)
        .start(EVERY);
    var sales = new SaleWatch(sql, registry, tally);
    RecurringTask.onOneNode(vertx, "count the seats", turns, sales::countIfRested)
        .start(COUNT_EVERY);
    var steps = new ReportSteps(sql);
    RecurringTask.onOneNode(
            vertx, "delete old steps of reports", turns, () -> steps.forget(reportDays))
        .start(EVERY);
    var own = new ReportRecorder(tally, steps, clock);
    own.start(vertx);
    recorder = own;
    return Future.succeededFuture();
  }

  /** What was counted until now is worth a last write, but not worth waiting for. */
  @Override
  public Future<?> stop() {
    return recorder == null
        ? Future.succeededFuture()
        : recorder.finish().timeout(LAST_WRITE.toMillis(), MILLISECONDS).otherwiseEmpty();
  }
}
