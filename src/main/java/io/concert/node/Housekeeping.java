package io.concert.node;

import io.concert.ops.InvariantWatch;
import io.concert.ops.Invariants;
import io.concert.ops.SaleWatch;
import io.concert.postgres.Sql;
import io.concert.postgres.job.ExpiredRows;
import io.concert.postgres.job.RecurringTask;
import io.concert.postgres.job.Turns;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;

/** What one node of all does now and then for everybody. */
final class Housekeeping extends VerticleBase {
  private static final Duration EVERY = Duration.ofMinutes(1);
  private static final Duration COUNT_EVERY = Duration.ofSeconds(5);

  private final Sql sql;
  private final Turns turns;
  private final MeterRegistry registry;

  Housekeeping(Sql sql, Turns turns, MeterRegistry registry) {
    this.sql = sql;
    this.turns = turns;
    this.registry = registry;
  }

  @Override
  public Future<?> start() {
    var expired = new ExpiredRows(sql);
    var watch = new InvariantWatch(new Invariants(sql), registry);
    RecurringTask.onOneNode(vertx, "delete expired rows", turns, expired::delete).start(EVERY);
    RecurringTask.onOneNode(vertx, "check the invariants", turns, watch::checkIfRested)
        .start(EVERY);
    var sales = new SaleWatch(sql, registry);
    RecurringTask.onOneNode(vertx, "count the seats", turns, sales::countIfRested)
        .start(COUNT_EVERY);
    return Future.succeededFuture();
  }
}
