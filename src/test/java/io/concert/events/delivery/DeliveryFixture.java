package io.concert.events.delivery;

import static io.concert.Patience.until;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.concert.domain.Actor;
import io.concert.events.api.EventCursor;
import io.concert.events.api.EventKind;
import io.concert.events.api.Webhook;
import io.concert.events.api.WebhookId;
import io.concert.events.api.WebhookReply;
import io.concert.events.store.EventLog;
import io.concert.events.store.Webhooks;
import io.concert.postgres.Sql;
import io.concert.postgres.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A database with webhooks, nodes that deliver out of it, and a real receiver. */
abstract class DeliveryFixture {
  static final Actor ACTOR = new Actor("olga", "operator", "request-1");
  static final DeliverySettings QUICK =
      new DeliverySettings(
          Duration.ofMillis(20),
          Duration.ofMillis(1_500),
          Duration.ofSeconds(3),
          4,
          Duration.ofMillis(40),
          Duration.ofMillis(200));

  Vertx vertx;
  TestDatabase database;
  Sql sql;
  Receiver receiver;
  Webhooks webhooks;
  final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
    database = TestDatabase.create();
    sql = database.sql(vertx);
    receiver = new Receiver(vertx);
    webhooks = new Webhooks(sql);
  }

  @AfterEach
  void stop() {
    vertx.close().await();
    database.close();
  }

  /** A node's deliveries. */
  private class Node extends VerticleBase {
    private final Sql through;
    private final DeliverySettings settings;
    private @Nullable Deliverer deliverer;

    Node(Sql through, DeliverySettings settings) {
      this.through = through;
      this.settings = settings;
    }

    @Override
    public Future<?> start() {
      Deliverer made =
          new Deliverer(
              vertx,
              through,
              InstantSource.system(),
              new WebhookTargets(vertx, List.of("127.0.0.1")),
              settings,
              registry,
              new HttpClientOptions());
      made.start();
      deliverer = made;
      return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
      return Objects.requireNonNull(deliverer).stop();
    }
  }

  record Deployed(String id, Context context) {}

  Deployed node(Vertx on, Sql through, DeliverySettings settings) {
    Context[] kept = new Context[1];
    Node node =
        new Node(through, settings) {
          @Override
          public Future<?> start() {
            kept[0] = context;
            return super.start();
          }
        };
    return new Deployed(on.deployVerticle(node).await(), kept[0]);
  }

  @CanIgnoreReturnValue
  Deployed node(Sql through) {
    return node(vertx, through, QUICK);
  }

  WebhookId webhook(EventKind... kinds) {
    WebhookReply reply =
        webhooks
            .create(receiver.url(), List.of(kinds), Optional.of(EventCursor.START), ACTOR)
            .await();
    return ((WebhookReply.Done) reply).webhook().id();
  }

  Webhook state(WebhookId id) {
    return webhooks.find(id).await().orElseThrow();
  }

  /** So many events of a date, published. */
  void publish(int schedule, int kind, int from, int to) {
    database.execute(
        "insert into outbox (kind, at, schedule_id, seat, user_number, bill_id, price)"
            + " select %d, now(), %d, n, 5, n, 1000 from generate_series(%d, %d) n"
                .formatted(kind, schedule, from, to));
    new EventLog(sql).publish().await();
  }

  List<String> published() {
    return new EventLog(sql)
        .read(EventCursor.START, 10_000).await().orElseThrow().stream()
            .map(event -> event.cursor().toString())
            .toList();
  }

  void untilTaken(int events) {
    until("taken " + events, Duration.ofSeconds(20), () -> receiver.taken().size() >= events);
  }

  /** Seats in the order in which each date's events were taken. */
  Map<String, List<Integer>> seatsBySchedule() {
    Map<String, List<Integer>> seats = new HashMap<>();
    receiver.deliveries.stream()
        .filter(delivery -> delivery.answered() == 200)
        .flatMap(delivery -> delivery.events().stream())
        .forEach(
            event -> {
              String seat = event.getString("seatId");
              seats
                  .computeIfAbsent(event.getString("scheduleId"), id -> new java.util.ArrayList<>())
                  .add(Integer.parseInt(seat.substring(seat.indexOf('-') + 1)));
            });
    return seats;
  }

  static List<Integer> numbers(int from, int to) {
    return java.util.stream.IntStream.rangeClosed(from, to).boxed().toList();
  }
}
