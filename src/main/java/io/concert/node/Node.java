package io.concert.node;

import io.concert.bus.Bus;
import io.concert.bus.VertxBus;
import io.concert.catalog.Concert;
import io.concert.catalog.DemoCatalogue;
import io.concert.catalog.PgCatalog;
import io.concert.catalog.PgCatalogAdmin;
import io.concert.grid.ClusterLock;
import io.concert.grid.Grid;
import io.concert.http.ChargePolicy;
import io.concert.http.HttpApi;
import io.concert.http.HttpVerticle;
import io.concert.ops.AuditLog;
import io.concert.ops.Invariants;
import io.concert.ops.Metrics;
import io.concert.payment.PaymentVerticle;
import io.concert.postgres.Database;
import io.concert.postgres.DatabaseClock;
import io.concert.postgres.Sql;
import io.concert.queue.QueueVerticle;
import io.concert.queue.RoomSetup;
import io.concert.queue.RoomViews;
import io.concert.queue.Rooms;
import io.concert.queue.WaitingRooms;
import io.concert.reservation.ReservationVerticle;
import io.concert.reservation.SeatMapCodecs;
import io.concert.user.Operators;
import io.concert.user.Passwords;
import io.concert.user.Registration;
import io.concert.user.SigningKeys;
import io.concert.user.Tokens;
import io.concert.user.Users;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node: database, cluster, verticles and last HTTP, brought up in this order and taken down in
 * the reverse one.
 */
final class Node {
  private static final Logger log = LoggerFactory.getLogger(Node.class);
  private static final Duration WATCH_EVERY = Duration.ofSeconds(2);
  private static final Duration DEMO_LEASE = Duration.ofMinutes(2);
  private static final Duration COPIES_WITHIN = Duration.ofSeconds(10);
  private static final Duration LOOK_AGAIN_AFTER = Duration.ofMillis(50);

  private final Settings settings;
  private final WayDown wayDown;
  private final NodeHealth health = new NodeHealth();
  private final Metrics metrics = new Metrics();
  private final Database database;
  private final Grid grid;
  private final Vertx vertx;
  private final Sql sql;
  private final DatabaseClock clock;
  private final Bus bus;
  private final ClusterLock lock;
  private final Operators operators;
  private final Users users;
  private final PgCatalog catalog;
  private final PgCatalogAdmin catalogAdmin;

  private int httpPort;
  private Optional<DemoBuyer> demo = Optional.empty();

  /**
   * Starts a node. Blocks until it serves, for seconds.
   *
   * @throws RuntimeException in words for whoever runs it, if it can't start; what had been started
   *     is stopped again
   */
  static Node start(Settings settings) {
    WayDown wayDown = new WayDown();
    boolean up = false;
    try {
      Node node = new Node(settings, wayDown);
      node.deploy();
      node.awaitCopies();
      node.health.up();
      up = true;
      return node;
    } finally {
      // Not in a catch: an awaited future throws whatever it failed with, checked or not.
      if (!up) {
        var unused = wayDown.goDown();
      }
    }
  }

  private Node(Settings settings, WayDown wayDown) {
    this.settings = settings;
    this.wayDown = wayDown;
    up("metrics", metrics);
    database = Database.open(settings.database());
    up("database", database);
    grid =
        Grid.start(settings.grid(), database.id(), List.of(WaitingRooms.TYPE, SeatMapCodecs.TYPE));
    up("cluster member", grid);
    vertx = vertx();
    up("event loops", () -> vertx.close().await());
    sql = new Sql(database.pool(vertx));
    clock = DatabaseClock.start(sql, System::nanoTime).await();
    bus = new VertxBus(vertx);
    lock = grid.lock(vertx);
    operators =
        settings.operators().orElseGet(() -> Operators.kept(settings.database().dataDirectory()));
    users = new Users(vertx, sql, new Passwords(vertx));
    catalog = new PgCatalog(vertx, sql);
    catalogAdmin = new PgCatalogAdmin(vertx, sql, catalog::refresh);
  }

  private void up(String what, AutoCloseable stop) {
    wayDown.add(what, stop);
    log.debug("up: {}", what);
  }

  private Vertx vertx() {
    VertxOptions options =
        new VertxOptions()
            .setEventBusOptions(new EventBusOptions().setHost(settings.grid().host()))
            .setPreferNativeTransport(true);
    return Vertx.builder()
        .with(options)
        .withClusterManager(grid.clusterManager())
        .buildClustered()
        .await();
  }

  private void deploy() {
    RoomSetup.apply(sql, settings.queue()).await();
    loadDemo();
    if (settings.roles().contains(Role.QUEUE)) {
      deploy("queue", List.of(new QueueVerticle(bus, grid, lock, clock, sql, metrics.registry())));
    }
    if (settings.roles().contains(Role.RESERVATION)) {
      deploy(
          "reservation",
          List.of(
              new ReservationVerticle(
                  bus, sql, grid, lock, clock, settings.hold(), catalog, metrics.registry())));
    }
    if (settings.roles().contains(Role.PAYMENT)) {
      deploy(
          "payment",
          List.of(
              new PaymentVerticle(bus, sql, lock::tryRun, metrics.registry(), settings.payment())));
    }
    deploy("housekeeping", List.of(new Housekeeping(sql, lock::tryRun, metrics.registry())));
    if (settings.roles().contains(Role.HTTP)) {
      deployHttp();
    }
    watch();
    vertx.setPeriodic(WATCH_EVERY.toMillis(), tick -> watch());
  }

  /**
   * Whoever restarts nodes one after the other waits until each is ready: nothing may have one copy
   * only by then. But a cluster that doesn't come to rest is no reason not to serve.
   */
  private void awaitCopies() {
    long until = System.nanoTime() + COPIES_WITHIN.toNanos();
    while (!grid.isSafe()) {
      if (System.nanoTime() > until) {
        log.warn("rooms and seats don't have all their copies yet; serving all the same");
        return;
      }
      vertx.timer(LOOK_AGAIN_AFTER.toMillis(), TimeUnit.MILLISECONDS).await();
    }
  }

  /** Each has its own step on the way down, before the event loops end and the pool with them. */
  private void deploy(String what, List<? extends Deployable> instances) {
    List<String> ids =
        instances.stream().map(instance -> vertx.deployVerticle(instance).await()).toList();
    up(what, () -> Future.join(ids.stream().map(vertx::undeploy).toList()).await());
  }

  /** The last to come up and the first to go down. */
  private void deployHttp() {
    if (settings.http().chargePolicy() == ChargePolicy.SELF) {
      log.warn("anyone may charge a balance without paying: a real sale sets BALANCE_CHARGE");
    }
    SigningKeys keys = settings.signingKeys().orElseGet(() -> SigningKeys.kept(sql).await());
    Rooms rooms = new Rooms(sql);
    HttpApi api =
        new HttpApi(
            vertx,
            settings.http(),
            new HttpApi.Services(
                bus,
                new RoomViews(vertx, bus, clock, rooms, metrics.registry()),
                rooms,
                catalog,
                catalogAdmin,
                users,
                new Tokens(vertx, keys, clock),
                operators,
                new AuditLog(sql),
                new Invariants(sql),
                health,
                metrics,
                clock));
    List<HttpVerticle> listeners =
        IntStream.range(0, Runtime.getRuntime().availableProcessors())
            .mapToObj(core -> new HttpVerticle(api))
            .toList();
    deploy("HTTP", listeners);
    httpPort = listeners.get(0).port();
  }

  private void loadDemo() {
    if (!settings.demoData()) {
      return;
    }
    DemoCatalogue demoCatalogue = new DemoCatalogue(vertx, sql);
    var unused =
        lock.tryRun("demo data", DEMO_LEASE, () -> demoCatalogue.loadIfEmpty().mapEmpty()).await();
    demo = demoBuyer().await();
  }

  private Future<Optional<DemoBuyer>> demoBuyer() {
    return catalog
        .concerts()
        .compose(
            all -> all.isEmpty() ? Future.succeededFuture(Optional.empty()) : guestFor(all.get(0)));
  }

  private Future<Optional<DemoBuyer>> guestFor(Concert concert) {
    return users
        .create(Registration.GUEST)
        .map(
            reply ->
                reply instanceof Users.Created made
                    ? Optional.of(new DemoBuyer(made.user().uuid(), concert.id()))
                    : Optional.empty());
  }

  /** Keeps the clock and the health up to date; an outage is one line when it comes and goes. */
  private void watch() {
    health.majority(grid.size() >= settings.grid().minimumSize());
    var unused =
        clock
            .resample()
            .onSuccess(
                done -> {
                  if (health.degraded().isPresent()) {
                    log.info("the database answers again");
                  }
                  health.databaseOutage(null);
                })
            .onFailure(
                failure -> {
                  if (health.degraded().isEmpty()) {
                    log.error("the database doesn't answer: {}", failure.getMessage());
                  }
                  health.databaseOutage("the database doesn't answer");
                });
  }

  /**
   * Not ready, no new connections, requests in flight finish, out of the cluster, database closed.
   *
   * @return whether all of that went well
   */
  boolean stop() {
    log.info("going down");
    health.goingDown();
    return wayDown.goDown();
  }

  boolean servesHttp() {
    return settings.roles().contains(Role.HTTP);
  }

  String url() {
    return "http://" + settings.http().host() + ":" + httpPort;
  }

  String databaseUrl() {
    return database.shareableUrl();
  }

  String operatorHint() {
    return operators
        .tokenFile()
        .map(file -> "token in " + file)
        .orElse("tokens as set in ADMIN_TOKENS");
  }

  /** Whom to try the demo as; empty without demo data. */
  Optional<DemoBuyer> demo() {
    return demo;
  }
}
