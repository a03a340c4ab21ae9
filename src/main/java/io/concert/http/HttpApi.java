package io.concert.http;

import io.concert.bus.Bus;
import io.concert.catalog.Catalog;
import io.concert.catalog.CatalogAdmin;
import io.concert.ops.AuditLog;
import io.concert.ops.Health;
import io.concert.ops.Invariants;
import io.concert.ops.Metrics;
import io.concert.queue.RoomViews;
import io.concert.queue.Rooms;
import io.concert.user.Operators;
import io.concert.user.Tokens;
import io.concert.user.Users;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.time.InstantSource;
import java.util.List;
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
  private final Connections connections;
  private final OpenStreams streams = new OpenStreams();
  private final RequestMetrics metrics;
  private final List<Endpoint> endpoints;

  /**
   * What the endpoints ask.
   *
   * @param views this node's only ones
   * @param time the database's
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
      InstantSource time) {}

  public HttpApi(Vertx vertx, HttpSettings settings, Services services) {
    this.settings = settings;
    this.port = settings.port() == 0 ? freePorts.decrementAndGet() : settings.port();
    this.connections = new Connections(settings.maxConnections());
    this.metrics = new RequestMetrics(services.metrics().registry(), streams);
    this.endpoints = endpoints(vertx, settings, services);
  }

  private static List<Endpoint> endpoints(Vertx vertx, HttpSettings settings, Services with) {
    Authenticator authenticator = new Authenticator(with.tokens, with.operators);
    SeatLooks looks = new SeatLooks(vertx, with.bus, System::nanoTime);
    Door door = new Door(with.views);
    Holding holding = new Holding(with.bus, with.catalog, door);
    // Polls are the most by far, and routes are tried in this order.
    return Stream.of(
            new QueueRoutes(
                    vertx,
                    with.bus,
                    with.views,
                    new Entrance(with.bus, with.views),
                    with.catalog,
                    with.users,
                    with.tokens,
                    authenticator,
                    new RateLimits(settings.joins(), System::nanoTime),
                    with.time)
                .endpoints(),
            new UserRoutes(with.users, with.tokens, with.time).endpoints(),
            new ReservationRoutes(
                    vertx, with.bus, with.catalog, authenticator, door, holding, looks, with.time)
                .endpoints(),
            new SeatMapRoutes(vertx, with.views, with.tokens, authenticator, holding, door, looks)
                .endpoints(),
            new LayoutRoutes(vertx, with.catalog).endpoints(),
            new HoldRoutes(with.bus, with.catalog, authenticator, holding, with.time).endpoints(),
            new RoomRoutes(with.views, new DrawnOrders(vertx), with.time).endpoints(),
            new RoomAdminRoutes(with.rooms, with.bus, authenticator).endpoints(),
            new AccountRoutes(with.bus, with.users, authenticator, settings).endpoints(),
            new PaymentRoutes(with.bus, with.catalog, with.users, authenticator).endpoints(),
            new BillRoutes(with.bus, with.catalog, with.users, authenticator, settings).endpoints(),
            new CatalogRoutes(with.catalog, looks, with.time).endpoints(),
            new AdminRoutes(with.admin, authenticator, settings.holdLimit()).endpoints(),
            new ScheduleAdminRoutes(with.admin, with.bus, authenticator, new LayoutImport(vertx))
                .endpoints(),
            new BillAdminRoutes(with.bus, with.catalog, authenticator, settings).endpoints(),
            new InvariantRoutes(with.invariants, authenticator, with.time).endpoints(),
            new AuditRoutes(with.audit, authenticator).endpoints(),
            new HealthRoutes(with.health).endpoints(),
            new MetricsRoutes(vertx, with.metrics).endpoints(),
            new DocsRoutes(vertx).endpoints())
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

  OpenStreams streams() {
    return streams;
  }

  List<Endpoint> endpoints() {
    return endpoints;
  }

  /** A router of one event loop's own. */
  Router router(Vertx vertx) {
    Router router = Router.router(vertx);
    if (!settings.corsOrigins().isEmpty()) {
      router.route().handler(new Cors(settings.corsOrigins()));
    }
    new Edge(streams, metrics).mount(router, endpoints);
    return router;
  }
}
