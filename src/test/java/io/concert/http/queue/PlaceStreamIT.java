package io.concert.http.queue;

import static io.concert.Patience.untilStill;
import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.Place;
import io.concert.http.HttpApi;
import io.concert.http.HttpSettings;
import io.concert.http.HttpVerticle;
import io.concert.http.web.DispatcherFixture;
import io.concert.http.web.EventReader;
import io.concert.http.web.Http;
import io.concert.queue.api.PlaceState;
import io.concert.queue.api.QueueMessages;
import io.concert.queue.api.QueueMessages.Placement;
import io.concert.queue.api.QueueMessages.Poll;
import io.concert.user.User;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PlaceStreamIT {
  private static final String PATH = "/api/v1/users/queueEntity/events";
  private static final Duration A_FEW_LOOKS = Duration.ofSeconds(1);

  private final DispatcherFixture dispatcher = DispatcherFixture.shared();
  private final Http http = dispatcher.http();
  private final User guest = dispatcher.guest();
  private final String jwt = dispatcher.queueToken(guest);
  private volatile PlaceState state = PlaceState.WAITING;
  private volatile long number = 17;

  @BeforeEach
  void script() {
    dispatcher.script(QueueMessages.POLL, (Poll poll) -> placement());
  }

  /** Streams are looked after four times a second, and the next test counts what is asked. */
  @AfterEach
  void awaitSilence() {
    untilStill(Duration.ofMillis(600), Duration.ofSeconds(5), dispatcher.asked::size);
  }

  private Placement placement() {
    return new Placement(
        false,
        new Place(0, 7),
        dispatcher.time.toEpochMilli(),
        state,
        number,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Duration.ofMillis(1_500));
  }

  private EventReader open(int port, String lastEventId) {
    Map<String, String> headers = new HashMap<>();
    headers.put("Authorization", "Bearer " + jwt);
    if (!lastEventId.isEmpty()) {
      headers.put("Last-Event-ID", lastEventId);
    }
    EventReader reader = EventReader.open(port, PATH, headers);
    assertThat(reader.next()).isEqualTo("retry: 1000\n");
    return reader;
  }

  private static String id(String event) {
    return event.lines().toList().get(1).substring("id: ".length());
  }

  private static JsonObject data(String event) {
    assertThat(event).startsWith("event: place\nid: ");
    return new JsonObject(event.lines().toList().get(2).substring("data: ".length()));
  }

  @Test
  void tellsAtOnceWhatAPollWouldAndThenEveryChange() {
    try (EventReader reader = open(http.port(), "")) {
      JsonObject poll = http.post("/api/v1/users/queueEntity").bearer(jwt).expect(202);
      assertThat(data(reader.next())).isEqualTo(poll);

      number = 16;
      assertThat(data(reader.next()).getLong("waitingUserNum")).isEqualTo(16);
      state = PlaceState.ACTIVE;
      assertThat(data(reader.next()).getString("state")).isEqualTo("ACTIVE");
      assertThat(reader.nextWithin(A_FEW_LOOKS)).as("nothing has changed").isNull();
    }
  }

  @Test
  void doesNotRepeatWhatTheClientKnows() {
    String known;
    try (EventReader reader = open(http.port(), "")) {
      known = id(reader.next());
    }
    try (EventReader reader = open(http.port(), known)) {
      assertThat(reader.nextWithin(A_FEW_LOOKS)).isNull();
      number = 3;
      assertThat(data(reader.next()).getLong("waitingUserNum")).isEqualTo(3);
    }
    try (EventReader reader = open(http.port(), "1-0")) {
      assertThat(data(reader.next()).getLong("waitingUserNum")).isEqualTo(3);
    }
  }

  @Test
  void endsWhenThePlaceOpensNothingAnyMore() {
    try (EventReader reader = open(http.port(), "")) {
      String known = id(reader.next());
      state = PlaceState.ENDED;
      number = 0;
      assertThat(data(reader.next()).getString("state")).isEqualTo("ENDED");
      assertThat(reader.next()).isEqualTo("event: end\ndata: {\"reason\":\"ENDED\"}\n");
      assertThat(reader.next()).isEqualTo(EventReader.EOF);

      try (EventReader again = open(http.port(), known)) {
        assertThat(data(again.next()).getString("state")).isEqualTo("ENDED");
        assertThat(again.next()).startsWith("event: end\n");
      }
    }
  }

  @Test
  void endsWithItsToken() {
    try (EventReader reader = open(http.port(), "")) {
      assertThat(reader.next()).startsWith("event: place");
      dispatcher.time = Instant.now().plus(Duration.ofHours(25));

      String next = reader.next();
      for (int beats = 0; next.equals(":\n") && beats < 2; beats++) {
        next = reader.next();
      }
      assertThat(next).isEqualTo("event: end\ndata: {\"reason\":\"TOKEN_EXPIRED\"}\n");
      assertThat(reader.next()).isEqualTo(EventReader.EOF);
    }
  }

  @Test
  void asksNothingForAClientThatIsGone() {
    try (EventReader reader = open(http.port(), "")) {
      assertThat(reader.next()).startsWith("event: place");
    }
    awaitSilence();
  }

  @Test
  void endsAtOnceAndSendsElsewhereWhenTheNodeGoesDown() {
    HttpVerticle verticle =
        new HttpVerticle(
            new HttpApi(dispatcher.vertx, HttpSettings.local(0), dispatcher.services()));
    String deployment = dispatcher.vertx.deployVerticle(verticle).await();
    try (EventReader reader = open(verticle.port(), "")) {
      assertThat(reader.next()).startsWith("event: place");
      long began = System.nanoTime();
      dispatcher.vertx.undeploy(deployment).await();

      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));
      assertThat(reader.next()).startsWith("event: reconnect");
      assertThat(reader.next()).isEqualTo(EventReader.EOF);
    }
  }

  @Test
  void isForThoseWithAQueueTokenOnly() {
    http.get(PATH).expect(401, "UNAUTHORIZED");
    http.get(PATH).bearer("forged").expect(401, "UNAUTHORIZED");
    http.get(PATH).bearer(dispatcher.accessToken(guest)).expect(401, "UNAUTHORIZED");
    dispatcher.time = Instant.now().plus(Duration.ofHours(25));
    http.get(PATH).bearer(jwt).expect(401, "TOKEN_EXPIRED");
  }
}
