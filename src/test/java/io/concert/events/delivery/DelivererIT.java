package io.concert.events.delivery;

import static io.concert.Patience.letPass;
import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.concert.events.api.DeadLetter;
import io.concert.events.api.EventCursor;
import io.concert.events.api.EventKind;
import io.concert.events.api.WebhookChange;
import io.concert.events.api.WebhookId;
import io.concert.events.api.WebhookReply;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Deliveries out of a real database to a real receiver. */
class DelivererIT extends DeliveryFixture {
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
}
