package io.concert.node;

import io.concert.bus.Bus;
import io.concert.catalog.Concert;
import io.concert.catalog.PgCatalog;
import io.concert.catalog.demo.DemoCatalogue;
import io.concert.domain.ClientNetwork;
import io.concert.grid.api.ClusterLock;
import io.concert.http.ops.DemoCrowd;
import io.concert.postgres.DatabaseClock;
import io.concert.postgres.Sql;
import io.concert.postgres.server.StartPatience;
import io.concert.queue.view.RoomViews;
import io.concert.user.Registration;
import io.concert.user.Users;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;

/** Concerts to try the service with, somebody to try it as, and a crowd to watch. */
final class Demo {
  private static final Duration LEASE = Duration.ofMinutes(2);

  private final Vertx vertx;
  private final Sql sql;
  private final PgCatalog catalog;
  private final Users users;

  Demo(Vertx vertx, Sql sql, PgCatalog catalog, Users users) {
    this.vertx = vertx;
    this.sql = sql;
    this.catalog = catalog;
    this.users = users;
  }

  /**
   * Loads the demo's concerts into an empty database.
   *
   * @return a guest to try them as, if there are any
   */
  Optional<DemoBuyer> load(ClusterLock lock, StartPatience patience) {
    DemoCatalogue concerts = new DemoCatalogue(vertx, sql);
    var unused =
        patience.call(
            "load the demo data",
            () -> lock.tryRun("demo data", LEASE, () -> concerts.loadIfEmpty().mapEmpty()).await());
    return patience.call("make a demo guest", () -> guest().await());
  }

  /** People who queue, choose and pay, once an operator lets them come. */
  DemoCrowd crowd(Bus bus, RoomViews views, DatabaseClock clock) {
    return new MadeUpCrowd(vertx, bus, views, users, catalog, clock);
  }

  private Future<Optional<DemoBuyer>> guest() {
    return catalog
        .concerts()
        .compose(
            all -> all.isEmpty() ? Future.succeededFuture(Optional.empty()) : guestFor(all.get(0)));
  }

  private Future<Optional<DemoBuyer>> guestFor(Concert concert) {
    return users
        .create(Registration.GUEST, ClientNetwork.HERE)
        .map(
            reply ->
                reply instanceof Users.Created made
                    ? Optional.of(new DemoBuyer(made.user().uuid(), concert.id()))
                    : Optional.empty());
  }
}
