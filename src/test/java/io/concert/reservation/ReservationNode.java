package io.concert.reservation;

import io.concert.bus.Bus;
import io.concert.bus.VertxBus;
import io.concert.catalog.PgCatalog;
import io.concert.domain.SaleTally;
import io.concert.grid.Grid;
import io.concert.grid.TestGrid;
import io.concert.postgres.DatabaseClock;
import io.concert.postgres.Sql;
import io.concert.postgres.TestDatabase;
import io.concert.reservation.seatmap.SeatMapCodecs;
import io.concert.reservation.store.HoldSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Everything of a node that reservations need, with a database of its own. */
final class ReservationNode {
  final Vertx vertx = Vertx.vertx();
  final Bus bus = new VertxBus(vertx);
  final TestDatabase database = TestDatabase.create();
  final Sql sql = database.sql(vertx);
  final Grid grid = TestGrid.alone(SeatMapCodecs.TYPE);
  final DatabaseClock clock = DatabaseClock.start(sql, System::nanoTime).await();
  private @Nullable String deployment;

  /** From now on the bus serves reservations. */
  void deploy(Duration holdFor) {
    var settings = new HoldSettings(holdFor);
    var verticle =
        new ReservationVerticle(
            bus,
            sql,
            grid,
            grid.lock(vertx),
            clock,
            settings,
            new PgCatalog(vertx, sql),
            new SimpleMeterRegistry(),
            SaleTally.NONE);
    deployment = vertx.deployVerticle(verticle).await();
  }

  /** Undeploys first: closing Vert.x closes the pool before it stops verticles. */
  void stop() {
    if (deployment != null) {
      vertx.undeploy(deployment).await();
    }
    vertx.close().await();
    grid.close();
    database.close();
  }
}
