package io.concert.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.Place;
import io.concert.domain.Won;
import io.concert.queue.PlaceState;
import io.concert.queue.QueueMessages;
import io.concert.queue.QueueMessages.Enter;
import io.concert.queue.QueueMessages.Placement;
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

  private final EdgeFixture edge = EdgeFixture.shared();
  private final User guest = edge.guest();

  @BeforeEach
  void script() {
    edge.script(
        QueueMessages.ENTER,
        (Enter enter) ->
            new Placement(
                true,
                new Place(0, 1),
                edge.time.toEpochMilli(),
                PlaceState.WAITING,
                1,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Duration.ofSeconds(1)));
  }

  /**
   * @param test no two tests share a node, nor its counts
   */
  private Http node(int test, List<String> trustedProxies) {
    return edge.http(
        new HttpSettings(
            "127.0.0.1",
            0,
            ChargePolicy.SELF,
            new Won(1),
            List.of(),
            1_000 + test,
            4,
            new JoinLimits(true, 1, trustedProxies)));
  }

  private Http.Request join(Http http) {
    return http.post(PATH).json(new JsonObject().put("uuid", guest.uuid().reveal()));
  }

  /** How many get in before one is refused; a slow machine lets in one more a second. */
  private static int joinsUntilRefused(IntFunction<Http.Request> join) {
    for (int i = 0; i < 50; i++) {
      HttpResponse<byte[]> answer = join.apply(i).send();
      if (answer.statusCode() == 429) {
        assertThat(Http.problemOf(answer).getString("code")).isEqualTo("RATE_LIMITED");
        assertThat(answer.headers().firstValue("Retry-After")).contains("1");
        return i;
      }
      assertThat(answer.statusCode()).isEqualTo(201);
    }
    return Integer.MAX_VALUE;
  }

  @Test
  void refusesTheEleventhJoinAtOnceButNoPoll() {
    Http http = node(1, List.of());

    assertThat(joinsUntilRefused(i -> join(http))).isBetween(10, 40);
    // An access token says who one is, but brings no place.
    assertThat(joinsUntilRefused(i -> join(http).bearer(edge.accessToken(guest)))).isLessThan(10);
    join(http).bearer("forged").expect(401, "UNAUTHORIZED");
    for (int i = 0; i < 20; i++) {
      join(http).bearer(edge.queueToken(guest)).expect(503, "UNAVAILABLE");
    }
    http.get("/health/live").expect(200);
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
