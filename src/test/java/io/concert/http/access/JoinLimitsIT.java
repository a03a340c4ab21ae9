package io.concert.http.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.Place;
import io.concert.domain.Won;
import io.concert.http.HttpSettings;
import io.concert.http.payments.ChargePolicy;
import io.concert.http.web.DispatcherFixture;
import io.concert.http.web.Http;
import io.concert.queue.api.PlaceState;
import io.concert.queue.api.QueueMessages;
import io.concert.queue.api.QueueMessages.Enter;
import io.concert.queue.api.QueueMessages.NoPlace;
import io.concert.queue.api.QueueMessages.Placement;
import io.concert.user.User;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How many may join from one address, over HTTP. */
class JoinLimitsIT {
  private static final String PATH = "/api/v1/users/queueEntity";

  private final DispatcherFixture dispatcher = DispatcherFixture.shared();
  private final User guest = dispatcher.guest();

  @BeforeEach
  void script() {
    dispatcher.script(
        QueueMessages.ENTER, (Enter enter) -> enter.mayCreate() ? placement(true) : new NoPlace());
  }

  private Placement placement(boolean created) {
    return new Placement(
        created,
        new Place(0, 1),
        dispatcher.time.toEpochMilli(),
        PlaceState.WAITING,
        1,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Duration.ofSeconds(1));
  }

  /**
   * @param test no two tests share a node, nor its counts
   */
  private Http node(int test, List<String> trustedProxies) {
    return dispatcher.http(
        new HttpSettings(
            "127.0.0.1",
            0,
            ChargePolicy.SELF,
            new Won(1),
            List.of(),
            1_000 + test,
            4,
            new JoinLimits(true, 1, trustedProxies),
            HttpSettings.DEFAULT_OVERLOAD_DELAY));
  }

  private Http.Request join(Http http) {
    return http.post(PATH).json(new JsonObject().put("uuid", guest.uuid().reveal()));
  }

  /** How many get in before one is refused; a slow machine lets in one more a second. */
  private static int joinsUntilRefused(IntFunction<Http.Request> join) {
    return joinsUntilRefused(join, 201);
  }

  private static int joinsUntilRefused(IntFunction<Http.Request> join, int expected) {
    for (int i = 0; i < 50; i++) {
      HttpResponse<byte[]> answer = join.apply(i).send();
      if (answer.statusCode() == 429) {
        assertThat(Http.problemOf(answer).getString("code")).isEqualTo("RATE_LIMITED");
        assertThat(answer.headers().firstValue("Retry-After")).contains("1");
        return i;
      }
      assertThat(answer.statusCode()).isEqualTo(expected);
    }
    return Integer.MAX_VALUE;
  }

  @Test
  void refusesTheEleventhJoinAtOnceButNoPoll() {
    Http http = node(1, List.of());

    assertThat(joinsUntilRefused(i -> join(http))).isBetween(10, 40);
    // An access token says who one is, but brings no place.
    assertThat(joinsUntilRefused(i -> join(http).bearer(dispatcher.accessToken(guest))))
        .isLessThan(10);
    join(http).bearer("forged").expect(401, "UNAUTHORIZED");
    for (int i = 0; i < 20; i++) {
      join(http).bearer(dispatcher.queueToken(guest)).expect(503, "UNAVAILABLE");
    }
    http.get("/health/live").expect(200);
  }

  @Test
  void onlyANewPlaceIsAJoin() {
    dispatcher.script(QueueMessages.ENTER, (Enter enter) -> placement(false));
    Http http = node(4, List.of());
    assertThat(joinsUntilRefused(i -> join(http), 202)).isEqualTo(Integer.MAX_VALUE);

    dispatcher.script(
        QueueMessages.ENTER, (Enter enter) -> enter.mayCreate() ? placement(true) : new NoPlace());
    assertThat(joinsUntilRefused(i -> join(http))).isBetween(10, 40);
    join(http).expect(429, "RATE_LIMITED");

    // Who has a place hears of it although nobody may join any more.
    dispatcher.script(QueueMessages.ENTER, (Enter enter) -> placement(false));
    assertThat(joinsUntilRefused(i -> join(http), 202)).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void refusesTheEleventhNewUserAtOnce() {
    Http http = node(5, List.of());
    assertThat(
            joinsUntilRefused(
                i -> http.post("/api/v1/users").json(new JsonObject().put("name", "n" + i)), 201))
        .isBetween(10, 40);
    join(http).expect(201);
  }

  @Test
  void refusesWrongPasswordsAndNobodyElsesRightOne() {
    Http http = node(6, List.of("127.0.0.0/8", "::1"));
    String email = "owner" + guest.number().number() + "@example.com";
    assertThat(dispatcher.protectedUser(email, "correct horse").isProtected()).isTrue();
    IntFunction<Http.Request> guess =
        i -> login(http, email, "wrong horse").header("X-Forwarded-For", "203.0.113.9");

    assertThat(wrongUntilRefused(guess)).isBetween(10, 20);

    guess.apply(0).expect(429, "RATE_LIMITED");
    login(http, email, "correct horse").header("X-Forwarded-For", "203.0.113.8").expect(200);
  }

  private static Http.Request login(Http http, String email, String password) {
    return http.post("/api/v1/users/login")
        .json(new JsonObject().put("email", email).put("password", password));
  }

  private static int wrongUntilRefused(IntFunction<Http.Request> guess) {
    for (int i = 0; i < 50; i++) {
      int status = guess.apply(i).send().statusCode();
      if (status == 429) {
        return i;
      }
      assertThat(status).isEqualTo(401);
    }
    return Integer.MAX_VALUE;
  }

  @Test
  void takesNoStrangersWordForHisAddress() {
    Http http = node(2, List.of("10.0.0.0/8"));

    assertThat(joinsUntilRefused(i -> join(http).header("X-Forwarded-For", "203.0.113." + i)))
        .isBetween(10, 40);
    assertThat(joinsUntilRefused(i -> join(http).header("Forwarded", "for=203.0.113." + i)))
        .isLessThan(10);
  }

  @Test
  void believesATrustedProxyButNotWhatWasSentToIt() {
    Http http = node(3, List.of("127.0.0.0/8", "::1"));
    String madeUp = "198.51.100.";

    assertThat(
            joinsUntilRefused(
                i -> join(http).header("X-Forwarded-For", madeUp + i + ", 203.0.113.9")))
        .isBetween(10, 40);
    assertThat(
            joinsUntilRefused(
                i -> join(http).header("Forwarded", "for=" + madeUp + i + ", for=203.0.113.9")))
        .isLessThan(10);
    join(http).header("X-Forwarded-For", "203.0.113.8").expect(201);
    join(http).header("Forwarded", "for=\"[2001:db8::1]\"").expect(201);
    // A header that the proxy doesn't write is the client's: together they are the proxy's own.
    assertThat(
            joinsUntilRefused(
                i ->
                    join(http)
                        .header("X-Forwarded-For", "203.0.113.7")
                        .header("Forwarded", "for=" + madeUp + i)))
        .isBetween(10, 40);
  }
}
