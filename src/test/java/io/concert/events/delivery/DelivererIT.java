package io.concert.events.delivery;

import static io.concert.Patience.letPass;
import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.concert.domain.Actor;
import io.concert.events.api.DeadLetter;
import io.concert.events.api.EventCursor;
import io.concert.events.api.EventKind;
import io.concert.events.api.Webhook;
import io.concert.events.api.WebhookChange;
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
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Deliveries out of a real database to a real receiver. */
class DelivererIT {
  private static final Actor ACTOR = new Actor("olga", "operator", "request-1");
  private static final DeliverySettings QUICK =
      new DeliverySettings(
          Duration.ofMillis(20),
          Duration.ofMillis(1_500),
          Duration.ofSeconds(3),
          4,
          Duration.ofMillis(40),
          Duration.ofMillis(200));

  private Vertx vertx;
  private TestDatabase database;
  private Sql sql;
  private Receiver receiver;
  private Webhooks webhooks;
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

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

  private record Deployed(String id, Context context) {}

  private Deployed node(Vertx on, Sql through, DeliverySettings settings) {
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
  private Deployed node(Sql through) {
    return node(vertx, through, QUICK);
  }

  private WebhookId webhook(EventKind... kinds) {
    WebhookReply reply =
        webhooks
            .create(receiver.url(), List.of(kinds), Optional.of(EventCursor.START), ACTOR)
            .await();
    return ((WebhookReply.Done) reply).webhook().id();
  }

  private Webhook state(WebhookId id) {
    return webhooks.find(id).await().orElseThrow();
  }

  /** So many events of a date, published. */
  private void publish(int schedule, int kind, int from, int to) {
    database.execute(
        "insert into outbox (kind, at, schedule_id, seat, user_number, bill_id, price)"
            + " select %d, now(), %d, n, 5, n, 1000 from generate_series(%d, %d) n"
                .formatted(kind, schedule, from, to));
    new EventLog(sql).publish().await();
  }

  private List<String> published() {
    return new EventLog(sql)
        .read(EventCursor.START, 10_000).await().orElseThrow().stream()
            .map(event -> event.cursor().toString())
            .toList();
  }

  private void untilTaken(int events) {
    until("taken " + events, Duration.ofSeconds(20), () -> receiver.taken().size() >= events);
  }

  /** Seats in the order in which each date's events were taken. */
  private Map<String, List<Integer>> seatsBySchedule() {
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

  private static List<Integer> numbers(int from, int to) {
    return java.util.stream.IntStream.rangeClosed(from, to).boxed().toList();
  }

  @Test
  void deliversAllInTheOrderOfEachDate() {
    var unused = webhook();
    for (int schedule = 1; schedule <= 6; schedule++) {
      publish(schedule, 1, 1, 130);
    }
    node(sql);
    untilTaken(780);
    for (int schedule = 1; schedule <= 6; schedule++) {
      assertThat(seatsBySchedule().get("s" + schedule)).isEqualTo(numbers(1, 130));
    }
    assertThat(receiver.taken()).doesNotHaveDuplicates();
    assertThat(receiver.deliveries).as("they go together").hasSizeLessThan(60);
    publish(3, 1, 131, 140);
    untilTaken(790);
    assertThat(seatsBySchedule().get("s3")).isEqualTo(numbers(1, 140));
  }

  @Test
  void signsTheExactBytesAndNamesNobody() throws Exception {
    WebhookReply.Done made =
        (WebhookReply.Done)
            webhooks.create(receiver.url() + "?a=%20b", List.of(), Optional.empty(), ACTOR).await();
    node(sql);
    publish(1, 1, 8, 8);
    untilTaken(1);

    Receiver.Delivery got = receiver.deliveries.get(0);
    assertThat(got.path()).isEqualTo("/hook?a=%20b");
    assertThat(got.host()).isEqualTo("127.0.0.1:" + receiver.port());
    assertThat(got.signature())
        .isEqualTo(
            "k1="
                + SignatureTest.hmac(
                    java.util.Base64.getDecoder().decode(made.secret().orElseThrow()),
                    got.timestamp() + "." + got.body()));
    assertThat(Long.parseLong(got.timestamp()))
        .isCloseTo(
            InstantSource.system().instant().getEpochSecond(),
            org.assertj.core.data.Offset.offset(10L));
    JsonObject event = got.events().get(0);
    assertThat(event.fieldNames())
        .containsExactlyInAnyOrder(
            "id", "kind", "at", "scheduleId", "seatId", "user", "billId", "price");
    assertThat(event.getString("kind")).isEqualTo("sold");
    assertThat(event.getLong("user")).isEqualTo(5);
  }

  @Test
  void aReplacedSecretSignsBesideTheNewOne() {
    WebhookId id = webhook();
    var unused =
        webhooks
            .change(
                id,
                new WebhookChange(Optional.empty(), Optional.empty(), Optional.empty(), true),
                ACTOR)
            .await();
    node(sql);
    publish(1, 1, 1, 1);
    untilTaken(1);
    assertThat(receiver.deliveries.get(0).signature()).matches("k2=[0-9a-f]{64} k1=[0-9a-f]{64}");
    database.execute(
        "update webhook_key set replaced_at = now() - interval '25 hours' where number = 1");
    letPass(Duration.ofSeconds(1));
    publish(1, 1, 2, 2);
    untilTaken(2);
    assertThat(receiver.deliveries.get(1).signature()).matches("k2=[0-9a-f]{64}");
  }

  @Test
  void triesAgainAndKeepsTheOrder() {
    var failures = new AtomicInteger(2);
    receiver.answer = events -> failures.getAndDecrement() > 0 ? 503 : 200;
    WebhookId id = webhook();
    publish(1, 1, 1, 20);
    node(sql);
    untilTaken(20);
    assertThat(seatsBySchedule().get("s1")).isEqualTo(numbers(1, 20));
    assertThat(receiver.deliveries.get(1).events())
        .as("after a failure the next one goes alone")
        .hasSize(1);
    assertThat(state(id).deadLetters()).isZero();
    until(() -> state(id).oldestUndeliveredSeconds().isEmpty());
    assertThat(registry.get("webhook_requests").tag("outcome", "failed").counter().count())
        .isEqualTo(2);
  }

  /** One date's trouble isn't another's. */
  @Test
  void givesAPoisonousEventUpAndGoesOn() {
    receiver.answer =
        events ->
            events.stream().anyMatch(event -> "s1-3".equals(event.getString("seatId"))) ? 500 : 200;
    WebhookId id = webhook();
    publish(1, 1, 1, 6);
    publish(2, 1, 1, 6);
    node(sql);
    until(() -> state(id).deadLetters() == 1);
    untilTaken(11);
    assertThat(seatsBySchedule().get("s1")).containsExactly(1, 2, 4, 5, 6);
    assertThat(seatsBySchedule().get("s2")).isEqualTo(numbers(1, 6));
    DeadLetter dead = webhooks.deadLetters(id, EventCursor.START, 10).await().orElseThrow().get(0);
    assertThat(dead.attempts()).isEqualTo(4);
    assertThat(dead.error()).isEqualTo("answered with status 500");
    assertThat(dead.event().seat().orElseThrow().toString()).isEqualTo("s1-3");

    // Once more, in vain; and when the receiver has learned it, for good.
    redeliver(id);
    until(() -> deadAttempts(id).equals(List.of(5)));
    receiver.answer = events -> 200;
    redeliver(id);
    until(() -> state(id).deadLetters() == 0);
    assertThat(receiver.taken()).contains(dead.event().cursor().toString()).hasSize(12);
  }

  private void redeliver(WebhookId id) {
    assertThat(webhooks.redeliver(id, List.of(), ACTOR).await())
        .isEqualTo(new WebhookReply.Counted(1, false));
  }

  private List<Integer> deadAttempts(WebhookId id) {
    return webhooks.deadLetters(id, EventCursor.START, 10).await().orElseThrow().stream()
        .filter(letter -> !letter.wanted())
        .map(DeadLetter::attempts)
        .toList();
  }

  @Test
  void anAnswerThatDoesNotComeIsAFailure() {
    var silent = new AtomicInteger(1);
    receiver.answer = events -> silent.getAndDecrement() > 0 ? 0 : 200;
    WebhookId id = webhook();
    publish(1, 1, 1, 2);
    node(sql);
    until(() -> state(id).error().equals(Optional.of("no answer in time")));
    untilTaken(2);
    assertThat(seatsBySchedule().get("s1")).containsExactly(1, 2);
  }

  @Test
  void deliversTheKindsThatAreWanted() {
    WebhookId id = webhook(EventKind.REFUNDED);
    publish(1, 1, 1, 120);
    publish(1, 2, 1, 2);
    publish(1, 1, 3, 4);
    node(sql);
    untilTaken(2);
    until(() -> database.number("select max(done) from webhook_lane") == published().size());
    assertThat(seatsBySchedule().get("s1")).containsExactly(1, 2);
    assertThat(state(id).oldestUndeliveredSeconds()).isEmpty();
  }

  @Test
  void aPausedWebhookGetsItLater() {
    WebhookId id = webhook();
    node(sql);
    pause(id, false);
    letPass(Duration.ofSeconds(1));
    publish(1, 1, 1, 3);
    letPass(Duration.ofSeconds(1));
    assertThat(receiver.deliveries).isEmpty();
    pause(id, true);
    untilTaken(3);
  }

  private void pause(WebhookId id, boolean active) {
    var unused =
        webhooks
            .change(
                id,
                new WebhookChange(Optional.empty(), Optional.empty(), Optional.of(active), false),
                ACTOR)
            .await();
  }

  @Test
  void replaysFromACursor() {
    WebhookId id = webhook();
    publish(1, 1, 1, 4);
    publish(2, 1, 1, 4);
    node(sql);
    untilTaken(8);
    List<String> all = published();

    assertThat(webhooks.replay(id, new EventCursor(3), ACTOR).await())
        .isEqualTo(new WebhookReply.Counted(5, false));

    untilTaken(13);
    until(() -> state(id).oldestUndeliveredSeconds().isEmpty());
    assertThat(receiver.taken().subList(8, receiver.taken().size()))
        .as("the same events by the same ids")
        .containsExactlyInAnyOrderElementsOf(all.subList(3, 8));
    assertThat(seatsBySchedule().get("s2")).containsExactly(1, 2, 3, 4, 1, 2, 3, 4);
  }

  /** Two nodes, and the one that delivers is lost with all that it was at: nothing is released. */
  @Test
  void anotherNodeTakesOver() {
    var unused = webhook();
    publish(1, 1, 1, 3);
    Vertx lost = Vertx.vertx();
    Context first = node(lost, database.sql(lost), QUICK).context();
    untilTaken(3);
    node(sql);
    letPass(Duration.ofSeconds(1));
    publish(1, 1, 4, 6);
    untilTaken(6);
    assertThat(receiver.taken()).as("one node at a time").doesNotHaveDuplicates();
    String owner = owner();

    // As good as dead: nothing of it runs.
    var frozen = new CountDownLatch(1);
    first.runOnContext(
        go -> {
          try {
            frozen.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    publish(1, 1, 7, 9);

    untilTaken(9);
    assertThat(owner()).isNotEqualTo(owner);
    assertThat(seatsBySchedule().get("s1")).isEqualTo(numbers(1, 9));

    // It wakes up and finds that its turn is over.
    frozen.countDown();
    publish(1, 1, 10, 12);
    untilTaken(12);
    letPass(Duration.ofSeconds(1));
    assertThat(seatsBySchedule().get("s1")).isEqualTo(numbers(1, 12));
    lost.close().await();
  }

  private String owner() {
    try (var connection = database.jdbc();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("select owner::text from webhook")) {
      return rows.next() ? rows.getString(1) : "none";
    } catch (java.sql.SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** What was delivered but couldn't be noted is delivered again, under the same id. */
  @Test
  void whatWasNotNotedIsDeliveredAgain() {
    var unused = webhook();
    publish(1, 1, 1, 3);
    database.execute(
        """
        create function lose_the_note() returns trigger language plpgsql as $$
        begin raise exception 'lost' using errcode = 'connection_failure'; end $$;
        create trigger lose_the_note before insert or update on webhook_lane
          for each row when (new.attempts = 0) execute function lose_the_note();
        """);
    node(sql);
    until(() -> receiver.deliveries.size() >= 2);
    database.execute("drop trigger lose_the_note on webhook_lane");
    until(() -> database.number("select count(*) from webhook_lane where done = 3") == 1);

    List<String> bodies =
        receiver.deliveries.stream().map(delivery -> delivery.body().toString()).toList();
    assertThat(bodies.get(1)).isEqualTo(bodies.get(0));
    assertThat(receiver.taken()).startsWith("e1", "e2", "e3", "e1", "e2", "e3");
    publish(1, 1, 4, 4);
    until(() -> receiver.taken().contains("e4"));
  }

  /** A node that was paused and comes back knows of its turn only what it knew. */
  @Test
  void notesOfATurnThatIsOverCountForNothing() {
    WebhookId id = webhook();
    publish(1, 1, 1, 3);
    long fence = database.number("select fence from webhook");
    database.execute("select count(*) from lease_webhooks(gen_random_uuid(), 60000)");
    assertThat(database.number("select fence from webhook")).isGreaterThan(fence);
    database.execute("select note_delivered(%d, %d, 's1', 3)".formatted(id.number(), fence));
    database.execute(
        "select note_failed(%d, %d, 's1', 3, 'x', 0, 1)".formatted(id.number(), fence));
    assertThat(database.number("select count(*) from webhook_lane")).isZero();
    assertThat(database.number("select count(*) from dead_letter")).isZero();
  }

  @Test
  void leavesItsTurnToOthersWhenItEnds() {
    var unused = webhook();
    DeliverySettings longTurns =
        new DeliverySettings(
            QUICK.look(),
            Duration.ofMinutes(5),
            QUICK.timeout(),
            QUICK.attempts(),
            QUICK.firstPause(),
            QUICK.longestPause());
    String first = node(vertx, sql, longTurns).id();
    publish(1, 1, 1, 1);
    until(
        "first",
        Duration.ofSeconds(80),
        () ->
            receiver.taken().size() == 1
                || database.number("select count(*) from webhook where owner is not null") > 0);
    vertx.undeploy(first).await();
    assertThat(database.number("select count(*) from webhook where owner is null")).isEqualTo(1);
  }
}
