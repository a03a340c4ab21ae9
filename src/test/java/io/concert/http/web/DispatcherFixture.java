package io.concert.http.web;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.concert.bus.Address;
import io.concert.bus.Bus;
import io.concert.bus.VertxBus;
import io.concert.catalog.PgCatalog;
import io.concert.catalog.PgCatalogAdmin;
import io.concert.customer.Bans;
import io.concert.customer.Customers;
import io.concert.domain.Actor;
import io.concert.domain.ClientNetwork;
import io.concert.domain.HoldId;
import io.concert.domain.Place;
import io.concert.domain.RoomId;
import io.concert.domain.SaleTally;
import io.concert.domain.SeatId;
import io.concert.domain.Won;
import io.concert.events.delivery.WebhookTargets;
import io.concert.events.store.EventLog;
import io.concert.events.store.Webhooks;
import io.concert.http.HttpApi;
import io.concert.http.HttpSettings;
import io.concert.http.HttpVerticle;
import io.concert.http.net.ConnectionLimits;
import io.concert.http.net.Connections;
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
import io.concert.postgres.Sql;
import io.concert.postgres.TestDatabase;
import io.concert.queue.api.DrawResult;
import io.concert.queue.api.PlannedDraw;
import io.concert.queue.api.RoomSettings;
import io.concert.queue.room.LookScript;
import io.concert.queue.store.RoomMessages;
import io.concert.queue.store.Rooms;
import io.concert.queue.view.RoomViews;
import io.concert.reservation.api.ReservationMessages.HeldSeat;
import io.concert.reservation.house.HouseSeats;
import io.concert.reservation.house.SeatRecords;
import io.concert.user.Operators;
import io.concert.user.Passwords;
import io.concert.user.Registration;
import io.concert.user.SigningKeys;
import io.concert.user.Token;
import io.concert.user.Tokens;
import io.concert.user.User;
import io.concert.user.Users;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * The edge of a node alone, listening: users, tokens and the catalogue are real and in a real
 * database, but queue, reservation and payment only say over the bus what a test tells them to say.
 * One serves all tests of the JVM, as making a database takes seconds.
 */
public final class DispatcherFixture {
  public static final String VIEWER = "viewer-viewer-viewer";
  public static final String OPERATOR = "operator-operator-operator";
  public static final String PAYMENTS = "payments-payments-payments";
  public static final String SIGNING_KEY =
      "test:dGVzdC10ZXN0LXRlc3QtdGVzdC10ZXN0LXRlc3QtdGVzdC10ZXN0";

  private static final Won PRICE = new Won(99_000);

  public final Vertx vertx = Vertx.vertx();
  public final TestDatabase database = TestDatabase.create();
  public final Users users;
  public final Tokens tokens;
  final PgCatalog catalog;

  /** Every command that reached a service since the last {@link #script}. */
  public final List<Object> asked = new CopyOnWriteArrayList<>();

  volatile boolean ready = true;
  volatile Optional<String> degraded = Optional.empty();
  public volatile Instant time = Instant.now();

  final Metrics metrics = new Metrics();

  private final Sql sql = database.sql(vertx);

  /** Looks only when an operator of this fixture has changed something. */
  public final Bans bans = new Bans(sql);

  public final OrderNumbers orders = new OrderNumbers(new byte[32]);

  private final Bus bus = new VertxBus(vertx);
  private final RoomViews views =
      new RoomViews(
          vertx, bus, () -> time, new Rooms(sql), new SimpleMeterRegistry(), SaleTally.NONE);
  private final LookScript looks = new LookScript();
  private final Map<Address<?, ?>, Function<Object, Future<?>>> script = new ConcurrentHashMap<>();
  private final Map<String, Http> servers = new ConcurrentHashMap<>();

  /** A concert of the default room and one of another, each with a date of six seats. */
  public final String concert;

  public final String schedule;
  public final String seat;
  public final String otherConcert;
  public final String otherSchedule;

  private static final class Shared {
    static final DispatcherFixture FIXTURE = new DispatcherFixture();
  }

  public static DispatcherFixture shared() {
    Shared.FIXTURE.script.clear();
    Shared.FIXTURE.asked.clear();
    Shared.FIXTURE.ready = true;
    Shared.FIXTURE.degraded = Optional.empty();
    Shared.FIXTURE.time = Instant.now();
    return Shared.FIXTURE;
  }

  private DispatcherFixture() {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> vertx.close().await()));
    users = new Users(vertx, sql, new Passwords(vertx));
    tokens = new Tokens(vertx, SigningKeys.parse(SIGNING_KEY), () -> time);
    catalog = new PgCatalog(vertx, sql);
    database.execute(
        "insert into room (id, capacity, session_seconds) values ('default', 10, 600)"
            + " on conflict do nothing");
    vertx
        .deployVerticle(
            new VerticleBase() {
              @Override
              public Future<?> start() {
                return looks.serve(bus);
              }
            })
        .await();
    looks.shows(RoomId.DEFAULT, room(10), Optional.empty(), List.of());
    createRoom("stadium", room(10), Optional.empty(), List.of());
    concert = createConcert("default");
    schedule = createSchedule(concert);
    seat = schedule + "-0";
    otherConcert = createConcert("stadium");
    otherSchedule = createSchedule(otherConcert);
  }

  /** Settings of a room that lets in everybody. */
  public static RoomSettings room(int capacity) {
    return room(capacity, new Won(0));
  }

  public static RoomSettings room(int capacity, Won minimumBalance) {
    return new RoomSettings(
        capacity,
        Duration.ofSeconds(600),
        Duration.ZERO,
        0,
        0,
        Duration.ofSeconds(30),
        Duration.ofSeconds(10),
        Optional.empty(),
        false,
        minimumBalance);
  }

  /** A room that exists and looks like this. */
  @CanIgnoreReturnValue
  public RoomId createRoom(
      String name, RoomSettings settings, Optional<PlannedDraw> ahead, List<DrawResult> draws) {
    database.execute(
        "insert into room (id, capacity, session_seconds) values ('" + name + "', 10, 600)");
    RoomId room = new RoomId(name);
    looks.shows(room, settings, ahead, draws);
    return room;
  }

  public String createConcert(String room) {
    return http()
        .post("/api/v1/admin/concerts")
        .bearer(OPERATOR)
        .json(new JsonObject().put("title", "T").put("venue", "V").put("room", room))
        .expect(201)
        .getString("id");
  }

  public String createSchedule(String ofConcert) {
    String id =
        http()
            .post("/api/v1/admin/schedules")
            .bearer(OPERATOR)
            .json(
                new JsonObject()
                    .put("concertId", ofConcert)
                    .put("startsAt", "2031-05-01T19:30:00+09:00"))
            .expect(201)
            .getString("id");
    String csv =
        """
        section,row,seat_no,x,y,grade,price
        A,1,1,0,0,R,99000
        A,1,2,1,0,R,99000
        A,1,3,2,0,R,99000
        B,1,1,0,1,S,77000
        B,1,2,1,1,S,77000
        B,1,3,2,1,S,77000
        """;
    http()
        .put("/api/v1/admin/schedules/" + id + "/layout")
        .bearer(OPERATOR)
        .body(csv, "text/csv")
        .expect(200);
    return id;
  }

  /** A node's edge with the usual settings. */
  public Http http() {
    return http(HttpSettings.local(0));
  }

  public Http http(HttpSettings settings) {
    return servers.computeIfAbsent(settings.toString(), text -> listen(settings));
  }

  private Http listen(HttpSettings settings) {
    HttpVerticle verticle = new HttpVerticle(new HttpApi(vertx, settings, services()));
    vertx.deployVerticle(verticle).await();
    return new Http(verticle.port());
  }

  public HttpApi.Services services() {
    Health health =
        new Health() {
          @Override
          public boolean started() {
            return true;
          }

          @Override
          public boolean ready() {
            return ready;
          }

          @Override
          public Optional<String> degraded() {
            return degraded;
          }
        };
    return new HttpApi.Services(
        bus,
        views,
        new Rooms(sql),
        catalog,
        new PgCatalogAdmin(vertx, sql, catalog::refresh),
        users,
        tokens,
        Operators.parse(
            "v:viewer:" + VIEWER + ",o:operator:" + OPERATOR + ",p:payments:" + PAYMENTS),
        new AuditLog(sql),
        new Invariants(sql),
        health,
        metrics,
        () -> time,
        new RoomMessages(sql, System::nanoTime),
        new SalesFigures(sql, System::nanoTime),
        new SaleReports(sql),
        new Tickets(sql),
        new Records(sql),
        new HouseSeats(sql, bus),
        new SeatRecords(sql),
        new EventLog(sql),
        new Webhooks(sql),
        new WebhookTargets(vertx, List.of("receiver.test", "127.0.0.1")),
        new KeptLevel(),
        orders,
        new Customers(sql, bus, bans),
        bans,
        Optional.empty());
  }

  /** A level that nobody's log follows. */
  private static final class KeptLevel implements LogLevels {
    private volatile Level level = Level.INFO;

    @Override
    public Level current() {
      return level;
    }

    @Override
    public Future<Void> change(Level to, Actor actor) {
      level = to;
      return Future.succeededFuture();
    }
  }

  /** What all nodes of this fixture count, in one. */
  public Metrics metrics() {
    return metrics;
  }

  /** From now on this is what the address says; until then nobody serves it. */
  public <Q, R> void script(Address<Q, R> address, Function<Q, R> reply) {
    scriptAsync(address, request -> Future.succeededFuture(reply.apply(request)));
  }

  public <Q, R> void scriptAsync(Address<Q, R> address, Function<Q, Future<R>> reply) {
    script.put(address, request -> reply.apply(address.request().cast(request)));
    if (served.add(address.name())) {
      vertx
          .deployVerticle(
              new VerticleBase() {
                @Override
                public Future<?> start() {
                  return bus.serve(address, request -> answer(address, request));
                }
              })
          .await();
    }
  }

  private final java.util.Set<String> served = ConcurrentHashMap.newKeySet();

  private <Q, R> Future<R> answer(Address<Q, R> address, Q request) {
    Function<Object, Future<?>> reply = script.get(address);
    if (reply == null) {
      return Future.failedFuture(
          new io.concert.domain.Fault(
              io.concert.domain.Fault.Kind.UNAVAILABLE, "not scripted: " + address.name()));
    }
    asked.add(request);
    return reply.apply(request).map(address.reply()::cast);
  }

  public User guest() {
    return ((Users.Created) users.create(Registration.GUEST, ClientNetwork.HERE).await()).user();
  }

  public User protectedUser(String email, String password) {
    Registration registration =
        new Registration(
            Optional.of("Kim"), Optional.of(new Registration.Credentials(email, password)));
    return ((Users.Created) users.create(registration, ClientNetwork.HERE).await()).user();
  }

  public String queueToken(User user) {
    return queueToken(user, RoomId.DEFAULT);
  }

  public String queueToken(User user, RoomId room) {
    return tokens.queue(new Token.Queue(user.number(), room, new Place(0, 7), time.toEpochMilli()));
  }

  public String accessToken(User user) {
    return tokens.access(user.number()).jwt();
  }

  /** For endpoints that a test makes up. */
  public static Dispatcher dispatcher(OpenStreams streams) {
    return dispatcher(streams, (access, call) -> {});
  }

  static Dispatcher dispatcher(OpenStreams streams, AccessCheck check) {
    Connections connections =
        new Connections(
            new ConnectionLimits(1_000, 1_000, 1 << 20, 1 << 20), connection -> Optional.empty());
    return new Dispatcher(
        streams, connections, new RequestMetrics(new SimpleMeterRegistry(), streams), check);
  }

  /** A hold of a seat that costs {@link #price}. */
  public static HeldSeat held(SeatId seat, long hold, Instant since, Instant deadline) {
    return new HeldSeat(seat, new HoldId(hold), price(), since, deadline);
  }

  public static Won price() {
    return PRICE;
  }
}
