package io.concert.reservation;

import io.concert.bus.Bus;
import io.concert.catalog.Catalog;
import io.concert.domain.SaleTally;
import io.concert.grid.Grid;
import io.concert.grid.api.ClusterLock;
import io.concert.postgres.Sql;
import io.concert.queue.api.QueueMessages;
import io.concert.reservation.api.ReservationMessages;
import io.concert.reservation.seatmap.SeatMapCodecs;
import io.concert.reservation.store.HoldSettings;
import io.concert.reservation.store.SeatClaims;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.InstantSource;
import java.util.List;

/** Serves the seats' addresses. One instance a node: what it has seen and freed is the node's. */
public final class ReservationVerticle extends VerticleBase {
  private final Bus bus;
  private final Sql sql;
  private final Grid grid;
  private final ClusterLock lock;
  private final InstantSource clock;
  private final HoldSettings settings;
  private final Catalog catalog;
  private final MeterRegistry registry;
  private final SaleTally tally;

  /**
   * @param grid started with {@link SeatMapCodecs#TYPE} among its types
   * @param clock the database's time
   */
  public ReservationVerticle(
      Bus bus,
      Sql sql,
      Grid grid,
      ClusterLock lock,
      InstantSource clock,
      HoldSettings settings,
      Catalog catalog,
      MeterRegistry registry,
      SaleTally tally) {
    this.bus = bus;
    this.sql = sql;
    this.grid = grid;
    this.lock = lock;
    this.clock = clock;
    this.settings = settings;
    this.catalog = catalog;
    this.registry = registry;
    this.tally = tally;
  }

  @Override
  public Future<?> start() {
    var claims = new SeatClaims(vertx, sql, settings, registry);
    var maps =
        new SeatMaps(
            grid.replicated(vertx, lock, clock, SeatMapCodecs.TYPE, SeatMaps.loader(claims)));
    var views = new SeatViews(maps, System::nanoTime);
    var service = new ReservationService(maps, claims);
    var best = new BestHolds(catalog, views, maps, claims);
    var metrics = new HoldMetrics(registry, tally);
    var extensions = new HoldExtensions(sql, maps, settings);
    var sessionEnds = new SessionEnds(sql, maps, bus, tally);
    new HoldExpiry(claims, maps, tally).start(vertx);
    new SeatMapSync(claims, maps).start(vertx);
    return Future.all(
        List.of(
            bus.serve(
                ReservationMessages.HOLD,
                asked ->
                    service
                        .hold(asked)
                        .onComplete(reply -> metrics.answered(asked.schedule(), reply))),
            bus.serve(
                ReservationMessages.HOLD_BEST,
                asked ->
                    best.hold(asked)
                        .onComplete(reply -> metrics.answered(asked.schedule(), reply))),
            bus.serve(ReservationMessages.RECALL_HOLD, service::recall),
            bus.serve(
                ReservationMessages.RELEASE,
                asked ->
                    service
                        .release(asked)
                        .onSuccess(reply -> metrics.released(asked.seat().schedule(), reply))),
            bus.serve(ReservationMessages.EXTEND_HOLD, extensions::extend),
            bus.serve(ReservationMessages.ASK_HOLDS, service::holds),
            bus.serve(ReservationMessages.LOOK_AT_SEATS, asked -> views.look(asked.schedule())),
            bus.serve(ReservationMessages.CLAIMS_CHANGED, service::claimsChanged),
            bus.serve(ReservationMessages.END_SESSION, sessionEnds::end),
            bus.serve(QueueMessages.OWNER_LEFT, sessionEnds::ownerLeft)));
  }
}
