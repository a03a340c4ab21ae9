package io.concert.node;

import io.concert.bus.Bus;
import io.concert.bus.VertxBus;
import io.concert.grid.Grid;
import io.concert.grid.History;
import io.concert.grid.api.ClusterLock;
import io.concert.http.access.TrustedProxies;
import io.concert.postgres.Database;
import io.concert.postgres.DatabaseClock;
import io.concert.postgres.DatabaseHistory;
import io.concert.postgres.RestoredRows;
import io.concert.postgres.Sql;
import io.concert.postgres.server.StartPatience;
import io.concert.queue.room.WaitingRooms;
import io.concert.reservation.seatmap.SeatMapCodecs;
import io.concert.trace.TraceSettings;
import io.concert.trace.Tracing;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What everything of a node stands on, in the order of coming up: database, cluster member, event
 * loops, clock, bus.
 */
final class Foundations {
  private static final Logger log = LoggerFactory.getLogger(Foundations.class);

  final Database database;
  final Grid grid;
  final Vertx vertx;
  final Sql sql;
  final DatabaseClock clock;
  final DatabaseHistory history;
  final Bus bus;
  final ClusterLock lock;
  private final Settings settings;
  private final Optional<Tracing> tracing;

  /**
   * Blocks until all of it is there.
   *
   * @param shutdown stops what has been started, also if the rest can't be
   */
  Foundations(
      Settings settings,
      ShutdownSequence shutdown,
      StartPatience patience,
      MeterRegistry registry) {
    this.settings = settings;
    tracing = settings.traces().map(this::tracing);
    tracing.ifPresent(known -> shutdown.up("traces", known));
    database = Database.open(settings.database());
    shutdown.up("database", database);
    grid =
        Grid.start(settings.grid(), database.id(), List.of(WaitingRooms.TYPE, SeatMapCodecs.TYPE));
    shutdown.up("cluster member", grid);
    vertx = vertx();
    shutdown.up("event loops", () -> vertx.close().await());
    sql = database.sql(vertx);
    sql.tell(registry);
    clock =
        patience.call(
            "read the database's clock", () -> DatabaseClock.start(sql, System::nanoTime).await());
    history =
        patience.call("read the database's history", () -> DatabaseHistory.start(sql).await());
    followHistory();
    bus = new VertxBus(vertx);
    lock = grid.lock(vertx);
  }

  /** A database that was put back to an earlier state isn't what memory is full of. */
  private void followHistory() {
    var restored = new RestoredRows(sql);
    restored.bringIntoTime().await();
    history.whenAnother(
        () -> {
          clock.forget();
          var unused =
              restored
                  .bringIntoTime()
                  .onFailure(failure -> log.error("restored rows stay as they are", failure));
        });
    grid.follow(
        new History() {
          @Override
          public long number() {
            return history.number();
          }

          @Override
          public Future<Long> look() {
            return history.look();
          }
        });
  }

  private Tracing tracing(TraceSettings traces) {
    TrustedProxies trusted = new TrustedProxies(traces.trustedProxies());
    String name = settings.grid().host() + ":" + settings.grid().port();
    return Tracing.start(traces, name, trusted::includes);
  }

  private Vertx vertx() {
    VertxOptions options =
        new VertxOptions()
            .setEventBusOptions(new EventBusOptions().setHost(settings.grid().host()))
            .setPreferNativeTransport(true);
    VertxBuilder builder = Vertx.builder().with(options).withClusterManager(grid.clusterManager());
    return tracing.map(known -> known.tell(builder)).orElse(builder).buildClustered().await();
  }
}
