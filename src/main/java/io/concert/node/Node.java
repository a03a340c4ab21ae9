package io.concert.node;

import io.concert.bus.Bus;
import io.concert.bus.VertxBus;
import io.concert.catalog.PgCatalog;
import io.concert.catalog.PgCatalogAdmin;
import io.concert.customer.BanWatch;
import io.concert.customer.Bans;
import io.concert.customer.Customers;
import io.concert.events.EventVerticle;
import io.concert.events.delivery.WebhookTargets;
import io.concert.events.store.EventLog;
import io.concert.events.store.Webhooks;
import io.concert.grid.Grid;
import io.concert.grid.History;
import io.concert.grid.api.ClusterLock;
import io.concert.http.HttpApi;
import io.concert.http.HttpVerticle;
import io.concert.http.access.TrustedProxies;
import io.concert.http.payments.ChargePolicy;
import io.concert.ops.AuditLog;
import io.concert.ops.HealthMetrics;
import io.concert.ops.Invariants;
import io.concert.ops.Metrics;
import io.concert.ops.SalesFigures;
import io.concert.ops.report.SaleReports;
import io.concert.ops.report.TallyBoard;
import io.concert.payment.OrderNumbers;
import io.concert.payment.PaymentVerticle;
import io.concert.payment.Records;
import io.concert.payment.Tickets;
import io.concert.postgres.Database;
import io.concert.postgres.DatabaseClock;
import io.concert.postgres.DatabaseHistory;
import io.concert.postgres.DatabaseProbe;
import io.concert.postgres.RestoredRows;
import io.concert.postgres.Sql;
import io.concert.postgres.server.StartPatience;
import io.concert.queue.QueueVerticle;
import io.concert.queue.room.WaitingRooms;
import io.concert.queue.store.RoomMessages;
import io.concert.queue.store.RoomSetup;
import io.concert.queue.store.Rooms;
import io.concert.queue.view.RoomViews;
import io.concert.reservation.ReservationVerticle;
import io.concert.reservation.house.HouseSeats;
import io.concert.reservation.house.SeatRecords;
import io.concert.reservation.seatmap.SeatMapCodecs;
import io.concert.trace.TraceSettings;
import io.concert.trace.Tracing;
import io.concert.user.Operators;
import io.concert.user.Passwords;
import io.concert.user.SigningKeys;
import io.concert.user.Tokens;
import io.concert.user.Users;
import io.micrometer.core.instrument.binder.system.DiskSpaceMetrics;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import java.nio.file.Files;
import java.nio.file.Path;
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
  private static final Duration COPIES_WITHIN = Duration.ofSeconds(10);
  private static final Duration LOOK_AGAIN_AFTER = Duration.ofMillis(50);

  private final Settings settings;
  private final ShutdownSequence shutdown;
  private final StartPatience patience = new StartPatience();
  private final NodeHealth health = new NodeHealth();
  private final Metrics metrics = new Metrics();
  private final TallyBoard tally = new TallyBoard();
  private final Optional<Tracing> tracing;
  private final Database database;
  private final Grid grid;
  private final Vertx vertx;
  private final Sql sql;
  private final DatabaseClock clock;
  private final DatabaseHistory history;
  private final Bus bus;
  private final ClusterLock lock;
  private final Operators operators;
  private final Users users;
  private final PgCatalog catalog;
  private final PgCatalogAdmin catalogAdmin;
  private final Demo demo;

  private int httpPort;
  private Optional<DemoBuyer> demoBuyer = Optional.empty();

  /**
   * Starts a node. Blocks until it serves, for seconds.
   *
   * @throws RuntimeException in words for the operator, if it can't start; what had been started is
   *     stopped again
   */
  static Node start(Settings settings) {
    ShutdownSequence shutdown = new ShutdownSequence();
    boolean up = false;
    try {
      Node node = new Node(settings, shutdown);
      node.deploy();
      node.awaitCopies();
      node.health.up();
      up = true;
      return node;
    } finally {
      // Not in a catch: an awaited future throws whatever it failed with, checked or not.
      if (!up) {
        var unused = shutdown.goDown();
      }
    }
  }

  private Node(Settings settings, ShutdownSequence shutdown) {
    this.settings = settings;
    this.shutdown = shutdown;
    up("metrics", metrics);
    tracing = settings.traces().map(this::tracing);
    tracing.ifPresent(known -> up("traces", known));
    database = Database.open(settings.database());
    up("database", database);
    grid =
        Grid.start(settings.grid(), database.id(), List.of(WaitingRooms.TYPE, SeatMapCodecs.TYPE));
    up("cluster member", grid);
    vertx = vertx();
    up("event loops", () -> vertx.close().await());
    sql = database.sql(vertx);
    sql.tell(metrics.registry());
    clock =
        patience.call(
            "read the database's clock", () -> DatabaseClock.start(sql, System::nanoTime).await());
    history =
        patience.call("read the database's history", () -> DatabaseHistory.start(sql).await());
    followHistory();
    bus = new VertxBus(vertx);
    lock = grid.lock(vertx);
    operators =
        settings.operators().orElseGet(() -> Operators.kept(settings.database().dataDirectory()));
    users = new Users(vertx, sql, new Passwords(vertx));
    catalog = new PgCatalog(vertx, sql);
    catalogAdmin = new PgCatalogAdmin(vertx, sql, catalog::refresh);
    demo = new Demo(vertx, sql, catalog, users);
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

  private void up(String what, AutoCloseable stop) {
    shutdown.add(what, stop);
    log.debug("up: {}", what);
  }

  private Vertx vertx() {
    VertxOptions options =
        new VertxOptions()
            .setEventBusOptions(new EventBusOptions().setHost(settings.grid().host()))
            .setPreferNativeTransport(true);
    VertxBuilder builder = Vertx.builder().with(options).withClusterManager(grid.clusterManager());
    return tracing.map(known -> known.tell(builder)).orElse(builder).buildClustered().await();
  }

  private void deploy() {
    var unused =
        patience.call(
            "set up the default room",
            () -> Optional.ofNullable(RoomSetup.apply(sql, settings.queue()).await()));
    if (settings.demoData()) {
      demoBuyer = demo.load(lock, patience);
    }
    grid.tell(metrics.registry(), vertx);
    if (settings.roles().contains(Role.QUEUE)) {
      deploy(
          "queue",
          List.of(new QueueVerticle(bus, grid, lock, clock, sql, metrics.registry(), tally)));
    }
    if (settings.roles().contains(Role.RESERVATION)) {
      deploy(
          "reservation",
          List.of(
              new ReservationVerticle(
                  bus,
                  sql,
                  grid,
                  lock,
                  clock,
                  settings.hold(),
                  catalog,
                  metrics.registry(),
                  tally)));
    }
    if (settings.roles().contains(Role.PAYMENT)) {
      deploy(
          "payment",
          List.of(
              new PaymentVerticle(
                  bus, sql, lock::tryRun, metrics.registry(), settings.payment(), tally)));
    }
    deploy(
        "housekeeping",
        List.of(
            new Housekeeping(
                sql, lock::tryRun, metrics.registry(), tally, clock, settings.reportDays())));
    var unusedWritten =
        settings
            .events()
            .written()
            .flatMap(
                wanted ->
                    patience.call(
                        "set whether events are written",
                        () -> Optional.ofNullable(new EventLog(sql).setWritten(wanted).await())));
    deploy(
        "events",
        List.of(
            new EventVerticle(sql, lock::tryRun, clock, settings.events(), metrics.registry())));
    if (settings.roles().contains(Role.HTTP)) {
      deployHttp();
    }
    HealthMetrics.register(metrics.registry(), health, grid::size);
    new DiskSpaceMetrics(existing(settings.database().dataDirectory().toAbsolutePath()).toFile())
        .bindTo(metrics.registry());
    watchMajority();
    vertx.setPeriodic(WATCH_EVERY.toMillis(), tick -> watchMajority());
    new DatabaseWatch(vertx, history, clock, new DatabaseProbe(sql), health)
        .start(WATCH_EVERY.toMillis());
  }

  private void watchMajority() {
    health.majority(grid.size() >= settings.grid().minimumSize());
  }

  /** A node with a database elsewhere may never have made its directory. */
  private static Path existing(Path directory) {
    Path parent = directory.getParent();
    return Files.exists(directory) || parent == null ? directory : existing(parent);
  }

  /**
   * Anyone who restarts nodes one after the other waits until each is ready: nothing may have one
   * copy only by then. But a cluster that doesn't come to rest is no reason not to serve.
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
    SigningKeys keys =
        settings
            .signingKeys()
            .orElseGet(
                () -> patience.call("read the signing keys", () -> SigningKeys.kept(sql).await()));
    Bans bans = new Bans(sql);
    deploy("watch of bans", List.of(new BanWatch(bans)));
    var unused =
        patience.call("read who is banned", () -> Optional.ofNullable(bans.look().await()));
    Rooms rooms = new Rooms(sql);
    RoomViews views = new RoomViews(vertx, bus, clock, rooms, metrics.registry(), tally);
    HttpApi api =
        new HttpApi(
            vertx,
            settings.http(),
            new HttpApi.Services(
                bus,
                views,
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
                clock,
                new RoomMessages(sql, System::nanoTime),
                new SalesFigures(sql, System::nanoTime),
                new SaleReports(sql),
                new Tickets(sql),
                new Records(sql),
                new HouseSeats(sql, bus),
                new SeatRecords(sql),
                new EventLog(sql),
                new Webhooks(sql),
                new WebhookTargets(vertx, settings.events().hosts()),
                NodeLogLevels.start(vertx, sql),
                patience.call(
                    "read the key of order numbers", () -> OrderNumbers.kept(sql).await()),
                new Customers(sql, bus, bans),
                bans,
                // Only where nobody's real sale can be: on a database of the node's own.
                settings.demoData() && settings.database().isEmbedded()
                    ? Optional.of(demo.crowd(bus, views, clock))
                    : Optional.empty()));
    List<HttpVerticle> listeners =
        IntStream.range(0, Runtime.getRuntime().availableProcessors())
            .mapToObj(core -> new HttpVerticle(api))
            .toList();
    deploy("HTTP", listeners);
    httpPort = listeners.get(0).port();
  }

  /**
   * Not ready, and served as before until balancers have noticed; then no new connections, requests
   * in flight finish, out of the cluster, database closed.
   *
   * @return whether all of that went well
   */
  boolean stop() {
    log.info("going down");
    health.goingDown();
    pause(settings.drain());
    return shutdown.goDown();
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // In a hurry: no pause.
    }
  }

  /** How long {@link #stop} serves on. */
  Duration drain() {
    return settings.drain();
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
    return demoBuyer;
  }
}
