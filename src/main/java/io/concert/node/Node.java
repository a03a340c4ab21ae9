package io.concert.node;

import io.concert.catalog.PgCatalog;
import io.concert.catalog.PgCatalogAdmin;
import io.concert.customer.BanWatch;
import io.concert.customer.Bans;
import io.concert.customer.Customers;
import io.concert.events.EventVerticle;
import io.concert.events.delivery.WebhookTargets;
import io.concert.events.store.EventLog;
import io.concert.events.store.Webhooks;
import io.concert.http.HttpApi;
import io.concert.http.HttpVerticle;
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
import io.concert.postgres.DatabaseProbe;
import io.concert.postgres.server.StartPatience;
import io.concert.queue.QueueVerticle;
import io.concert.queue.store.RoomMessages;
import io.concert.queue.store.RoomSetup;
import io.concert.queue.store.Rooms;
import io.concert.queue.view.RoomViews;
import io.concert.reservation.ReservationVerticle;
import io.concert.reservation.house.HouseSeats;
import io.concert.reservation.house.SeatRecords;
import io.concert.user.Operators;
import io.concert.user.Passwords;
import io.concert.user.SigningKeys;
import io.concert.user.Tokens;
import io.concert.user.Users;
import io.micrometer.core.instrument.binder.system.DiskSpaceMetrics;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
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
  private final Foundations foundations;
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
    shutdown.up("metrics", metrics);
    foundations = new Foundations(settings, shutdown, patience, metrics.registry());
    operators =
        settings.operators().orElseGet(() -> Operators.kept(settings.database().dataDirectory()));
    users = new Users(foundations.vertx, foundations.sql, new Passwords(foundations.vertx));
    catalog = new PgCatalog(foundations.vertx, foundations.sql);
    catalogAdmin = new PgCatalogAdmin(foundations.vertx, foundations.sql, catalog::refresh);
    demo = new Demo(foundations.vertx, foundations.sql, catalog, users);
  }

  private void deploy() {
    var unused =
        patience.call(
            "set up the default room",
            () -> Optional.ofNullable(RoomSetup.apply(foundations.sql, settings.queue()).await()));
    if (settings.demoData()) {
      demoBuyer = demo.load(foundations.lock, patience);
    }
    foundations.grid.tell(metrics.registry(), foundations.vertx);
    if (settings.roles().contains(Role.QUEUE)) {
      deploy(
          "queue",
          List.of(
              new QueueVerticle(
                  foundations.bus,
                  foundations.grid,
                  foundations.lock,
                  foundations.clock,
                  foundations.sql,
                  metrics.registry(),
                  tally)));
    }
    if (settings.roles().contains(Role.RESERVATION)) {
      deploy(
          "reservation",
          List.of(
              new ReservationVerticle(
                  foundations.bus,
                  foundations.sql,
                  foundations.grid,
                  foundations.lock,
                  foundations.clock,
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
                  foundations.bus,
                  foundations.sql,
                  foundations.lock::tryRun,
                  metrics.registry(),
                  settings.payment(),
                  tally)));
    }
    deploy(
        "housekeeping",
        List.of(
            new Housekeeping(
                foundations.sql,
                foundations.lock::tryRun,
                metrics.registry(),
                tally,
                foundations.clock,
                settings.reportDays())));
    var unusedWritten =
        settings
            .events()
            .written()
            .flatMap(
                wanted ->
                    patience.call(
                        "set whether events are written",
                        () ->
                            Optional.ofNullable(
                                new EventLog(foundations.sql).setWritten(wanted).await())));
    deploy(
        "events",
        List.of(
            new EventVerticle(
                foundations.sql,
                foundations.lock::tryRun,
                foundations.clock,
                settings.events(),
                metrics.registry())));
    if (settings.roles().contains(Role.HTTP)) {
      deployHttp();
    }
    HealthMetrics.register(metrics.registry(), health, foundations.grid::size);
    new DiskSpaceMetrics(existing(settings.database().dataDirectory().toAbsolutePath()).toFile())
        .bindTo(metrics.registry());
    watchMajority();
    foundations.vertx.setPeriodic(WATCH_EVERY.toMillis(), tick -> watchMajority());
    new DatabaseWatch(
            foundations.vertx,
            foundations.history,
            foundations.clock,
            new DatabaseProbe(foundations.sql),
            health)
        .start(WATCH_EVERY.toMillis());
  }

  private void watchMajority() {
    health.majority(foundations.grid.size() >= settings.grid().minimumSize());
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
    while (!foundations.grid.isSafe()) {
      if (System.nanoTime() > until) {
        log.warn("rooms and seats don't have all their copies yet; serving all the same");
        return;
      }
      foundations.vertx.timer(LOOK_AGAIN_AFTER.toMillis(), TimeUnit.MILLISECONDS).await();
    }
  }

  /** Each has its own step on the way down, before the event loops end and the pool with them. */
  private void deploy(String what, List<? extends Deployable> instances) {
    List<String> ids =
        instances.stream()
            .map(instance -> foundations.vertx.deployVerticle(instance).await())
            .toList();
    shutdown.up(
        what, () -> Future.join(ids.stream().map(foundations.vertx::undeploy).toList()).await());
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
                () ->
                    patience.call(
                        "read the signing keys", () -> SigningKeys.kept(foundations.sql).await()));
    Bans bans = new Bans(foundations.sql);
    deploy("watch of bans", List.of(new BanWatch(bans)));
    var unused =
        patience.call("read who is banned", () -> Optional.ofNullable(bans.look().await()));
    Rooms rooms = new Rooms(foundations.sql);
    RoomViews views =
        new RoomViews(
            foundations.vertx,
            foundations.bus,
            foundations.clock,
            rooms,
            metrics.registry(),
            tally);
    HttpApi api =
        new HttpApi(
            foundations.vertx,
            settings.http(),
            new HttpApi.Services(
                foundations.bus,
                views,
                rooms,
                catalog,
                catalogAdmin,
                users,
                new Tokens(foundations.vertx, keys, foundations.clock),
                operators,
                new AuditLog(foundations.sql),
                new Invariants(foundations.sql),
                health,
                metrics,
                foundations.clock,
                new RoomMessages(foundations.sql, System::nanoTime),
                new SalesFigures(foundations.sql, System::nanoTime),
                new SaleReports(foundations.sql),
                new Tickets(foundations.sql),
                new Records(foundations.sql),
                new HouseSeats(foundations.sql, foundations.bus),
                new SeatRecords(foundations.sql),
                new EventLog(foundations.sql),
                new Webhooks(foundations.sql),
                new WebhookTargets(foundations.vertx, settings.events().hosts()),
                NodeLogLevels.start(foundations.vertx, foundations.sql),
                patience.call(
                    "read the key of order numbers",
                    () -> OrderNumbers.kept(foundations.sql).await()),
                new Customers(foundations.sql, foundations.bus, bans),
                bans,
                // Only where nobody's real sale can be: on a database of the node's own.
                settings.demoData() && settings.database().isEmbedded()
                    ? Optional.of(demo.crowd(foundations.bus, views, foundations.clock))
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
    return foundations.database.shareableUrl();
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
