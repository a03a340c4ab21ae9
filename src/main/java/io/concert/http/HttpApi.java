package io.concert.http;

import io.concert.bus.Bus;
import io.concert.catalog.Catalog;
import io.concert.catalog.CatalogAdmin;
import io.concert.customer.Bans;
import io.concert.customer.Customers;
import io.concert.events.delivery.WebhookTargets;
import io.concert.events.store.EventLog;
import io.concert.events.store.Webhooks;
import io.concert.http.access.Authenticator;
import io.concert.http.access.ClientAddresses;
import io.concert.http.access.RateLimits;
import io.concert.http.access.RefusalCounts;
import io.concert.http.access.TrustedProxies;
import io.concert.http.catalog.AdminRoutes;
import io.concert.http.catalog.CatalogRoutes;
import io.concert.http.catalog.LayoutImport;
import io.concert.http.catalog.ScheduleAdminRoutes;
import io.concert.http.events.EventRoutes;
import io.concert.http.events.WebhookRoutes;
import io.concert.http.holds.HoldRequests;
import io.concert.http.holds.HoldRoutes;
import io.concert.http.net.ConnectionLimits;
import io.concert.http.net.Connections;
import io.concert.http.ops.AuditRoutes;
import io.concert.http.ops.DemoCrowd;
import io.concert.http.ops.DemoRoutes;
import io.concert.http.ops.DocsRoutes;
import io.concert.http.ops.ForecastRoutes;
import io.concert.http.ops.HealthRoutes;
import io.concert.http.ops.InvariantRoutes;
import io.concert.http.ops.LogLevelRoutes;
import io.concert.http.ops.MetricsRoutes;
import io.concert.http.ops.OverviewRoutes;
import io.concert.http.ops.ReportRoutes;
import io.concert.http.page.WebRoutes;
import io.concert.http.payments.AccountRoutes;
import io.concert.http.payments.BillAdminRoutes;
import io.concert.http.payments.BillRoutes;
import io.concert.http.payments.OrderRoutes;
import io.concert.http.payments.PaymentRoutes;
import io.concert.http.payments.RecordRoutes;
import io.concert.http.payments.TicketRoutes;
import io.concert.http.queue.AdmissionGuard;
import io.concert.http.queue.DrawCache;
import io.concert.http.queue.JoinService;
import io.concert.http.queue.QueueRoutes;
import io.concert.http.queue.RoomAdminRoutes;
import io.concert.http.queue.RoomMessageRoutes;
import io.concert.http.queue.RoomRoutes;
import io.concert.http.seats.HouseSeatRoutes;
import io.concert.http.seats.LayoutRoutes;
import io.concert.http.seats.ReservationRoutes;
import io.concert.http.seats.SeatAdminRoutes;
import io.concert.http.seats.SeatLooks;
import io.concert.http.seats.SeatMapRoutes;
import io.concert.http.users.UserAdminRoutes;
import io.concert.http.users.UserRoutes;
import io.concert.http.web.Dispatcher;
import io.concert.http.web.Endpoint;
import io.concert.http.web.RequestMetrics;
import io.concert.http.web.stream.OpenStreams;
import io.concert.ops.AuditLog;
import io.concert.ops.Health;
import io.concert.ops.Invariants;
import io.concert.ops.LogLevels;
import io.concert.ops.Metrics;
import io.concert.ops.SalesFigures;
import io.concert.ops.report.SaleReports;
import io.concert.payment.OrderNumbers;
import io.concert.payment.Records;
import io.concert.payment.Tickets;
import io.concert.queue.store.RoomMessages;
import io.concert.queue.store.Rooms;
import io.concert.queue.view.RoomViews;
import io.concert.reservation.house.HouseSeats;
import io.concert.reservation.house.SeatRecords;
import io.concert.user.Operators;
import io.concert.user.Tokens;
import io.concert.user.Users;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * All endpoints of a node, with the caches that its event loops share. Made once; each {@link
 * HttpVerticle} serves it.
 */
public final class HttpApi {
  /** To Vert.x a negative port is any free one, shared by those who name the same. */
  private static final AtomicInteger freePorts = new AtomicInteger();

  private final HttpSettings settings;
  private final int port;
  private final Health health;
  private final Connections connections;
  private final OpenStreams streams = new OpenStreams();
  private final RequestMetrics metrics;
  private final MeterRegistry registry;
  private final Authenticator authenticator;
  private final List<Endpoint> endpoints;

  /**
   * What the endpoints ask.
   *
   * @param views this node's only ones
   * @param time the database's
   * @param demo a crowd to show the service with; empty where real people buy
   */
  public record Services(
      Bus bus,
      RoomViews views,
      Rooms rooms,
      Catalog catalog,
      CatalogAdmin admin,
      Users users,
      Tokens tokens,
      Operators operators,
      AuditLog audit,
      Invariants invariants,
      Health health,
      Metrics metrics,
      InstantSource time,
      RoomMessages messages,
      SalesFigures sales,
      SaleReports reports,
      Tickets tickets,
      Records records,
      HouseSeats house,
      SeatRecords seatRecords,
      EventLog events,
      Webhooks webhooks,
      WebhookTargets webhookTargets,
      LogLevels logLevels,
      OrderNumbers orders,
      Customers customers,
      Bans bans,
      Optional<DemoCrowd> demo) {}

  public HttpApi(Vertx vertx, HttpSettings settings, Services services) {
    this.settings = settings;
    this.port = settings.port() == 0 ? freePorts.decrementAndGet() : settings.port();
    this.health = services.health();
    ClientAddresses addresses =
        new ClientAddresses(new TrustedProxies(settings.joins().trustedProxies()));
    this.connections =
        new Connections(
            ConnectionLimits.of(
                settings.maxConnections(), Runtime.getRuntime().maxMemory(), settings.joins().on()),
            addresses::network);
    this.registry = services.metrics().registry();
    this.metrics = new RequestMetrics(registry, streams);
    Gauge.builder("http_connections", connections, Connections::count)
        .description("Open connections of clients")
        .register(registry);
    this.authenticator = new Authenticator(services.tokens(), services.operators());
    this.endpoints = endpoints(vertx, settings, services);
  }

  private static List<Endpoint> endpoints(Vertx vertx, HttpSettings settings, Services with) {
    SeatLooks looks = new SeatLooks(vertx, with.bus, with.catalog::reordered, System::nanoTime);
    RefusalCounts refusals = new RefusalCounts(with.metrics.registry());
    RateLimits limits = new RateLimits(settings.joins(), System::nanoTime, refusals);
    AdmissionGuard admissionGuard = new AdmissionGuard(with.views, with.bans);
    HoldRequests holdRequests = new HoldRequests(with.bus, with.catalog, admissionGuard);
    // Polls are the most by far, and routes are tried in this order.
    return Stream.of(
            new QueueRoutes(
                    vertx,
                    with.bus,
                    with.views,
                    new JoinService(with.bus, with.views, refusals),
                    with.catalog,
                    with.users,
                    with.tokens,
                    limits,
                    with.bans,
                    with.time)
                .endpoints(),
            new UserRoutes(with.users, with.tokens, limits, with.time, with.metrics.registry())
                .endpoints(),
            new UserAdminRoutes(with.customers).endpoints(),
            new ReservationRoutes(
                    vertx, with.bus, with.catalog, admissionGuard, holdRequests, looks, with.time)
                .endpoints(),
            new SeatMapRoutes(vertx, with.views, with.tokens, holdRequests, admissionGuard, looks)
                .endpoints(),
            new LayoutRoutes(vertx, with.catalog).endpoints(),
            new HoldRoutes(with.bus, with.catalog, holdRequests, with.time).endpoints(),
            new RoomRoutes(with.views, new DrawCache(vertx), with.messages, with.time).endpoints(),
            new RoomAdminRoutes(with.rooms, with.bus).endpoints(),
            new AccountRoutes(
                    with.bus, with.users, settings.chargePolicy(), settings.balanceCeiling())
                .endpoints(),
            new PaymentRoutes(with.bus, with.catalog, with.users, with.orders).endpoints(),
            new BillRoutes(
                    with.bus, with.catalog, with.users, settings.balanceCeiling(), with.orders)
                .endpoints(),
            new OrderRoutes(with.bus, with.catalog, with.users, with.orders).endpoints(),
            new TicketRoutes(with.bus, with.catalog, with.tickets).endpoints(),
            new CatalogRoutes(with.catalog, looks, with.time).endpoints(),
            new AdminRoutes(with.admin, settings.holdLimit()).endpoints(),
            new ScheduleAdminRoutes(with.admin, with.bus, new LayoutImport(vertx)).endpoints(),
            new HouseSeatRoutes(with.house, with.catalog).endpoints(),
            new SeatAdminRoutes(vertx, with.seatRecords, with.catalog, looks).endpoints(),
            new BillAdminRoutes(with.bus, with.catalog, settings.balanceCeiling(), with.orders)
                .endpoints(),
            new RecordRoutes(with.records, with.catalog, with.orders).endpoints(),
            new EventRoutes(with.events).endpoints(),
            new WebhookRoutes(with.webhooks, with.webhookTargets).endpoints(),
            new RoomMessageRoutes(with.messages).endpoints(),
            new OverviewRoutes(with.catalog, with.views, looks, with.sales, with.time).endpoints(),
            new ReportRoutes(with.reports, with.catalog, with.time).endpoints(),
            new ForecastRoutes(vertx, with.reports, with.catalog).endpoints(),
            new DemoRoutes(with.demo, with.catalog).endpoints(),
            new InvariantRoutes(with.invariants, with.time).endpoints(),
            new AuditRoutes(with.audit).endpoints(),
            new LogLevelRoutes(with.logLevels).endpoints(),
            new HealthRoutes(with.health).endpoints(),
            new MetricsRoutes(vertx, with.metrics).endpoints(),
            new DocsRoutes(vertx).endpoints(),
            new WebRoutes(vertx).endpoints())
        .flatMap(List::stream)
        .toList();
  }

  HttpSettings settings() {
    return settings;
  }

  /** For all of this node's event loops to listen on. */
  int port() {
    return port;
  }

  Connections connections() {
    return connections;
  }

  MeterRegistry registry() {
    return registry;
  }

  OpenStreams streams() {
    return streams;
  }

  List<Endpoint> endpoints() {
    return endpoints;
  }

  /** Of one event loop; empty if it is to serve whatever comes. */
  Optional<Overload> overload(Context context) {
    Duration limit = settings.overloadDelay();
    return limit.isZero()
        ? Optional.empty()
        : Optional.of(new Overload(context, limit, registry, metrics));
  }

  /** A router of one event loop's own. */
  Router router(Vertx vertx) {
    Router router = Router.router(vertx);
    router.route().handler(new DrainingHandler(health));
    router.route().handler(new Cors(settings.corsOrigins()));
    new Dispatcher(streams, connections, metrics, authenticator).mount(router, endpoints);
    return router;
  }
}
