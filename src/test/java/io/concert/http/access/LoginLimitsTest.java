package io.concert.http.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.ClientNetwork;
import io.concert.http.web.ProblemException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class LoginLimitsTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final AtomicLong nanos = new AtomicLong(-5);
  private final LoginLimits limits = new LoginLimits(nanos::get, new RefusalCounts(registry));

  private static ClientNetwork network(int number) {
    return new ClientNetwork(4, number);
  }

  private boolean mayGuess(int network, String email) {
    return limits.guess(network(network), email).attempt().isAllowed();
  }

  private static int allowed(int tries, IntFunction<Boolean> guess) {
    int allowed = 0;
    for (int i = 0; i < tries; i++) {
      allowed += guess.apply(i) ? 1 : 0;
    }
    return allowed;
  }

  @Test
  void limitsGuessesAtOneAccountFromOneNetwork() {
    assertThat(allowed(100, i -> mayGuess(1, i % 2 == 0 ? "kim@a.kr" : "KIM@a.kr"))).isEqualTo(10);
    assertThat(mayGuess(1, "lee@a.kr")).isTrue();
    assertThat(mayGuess(2, "kim@a.kr")).isTrue();

    nanos.addAndGet(Duration.ofSeconds(30).toNanos());
    assertThat(allowed(100, i -> mayGuess(1, "kim@a.kr"))).isOne();
  }

  @Test
  void limitsGuessesFromOneNetwork() {
    assertThat(allowed(100, i -> mayGuess(1, i + "@a.kr"))).isEqualTo(20);
    assertThat(mayGuess(2, "0@a.kr")).isTrue();

    nanos.addAndGet(Duration.ofSeconds(30).toNanos());
    assertThat(allowed(100, i -> mayGuess(1, i + "@b.kr"))).isEqualTo(10);
  }

  private double refused(String limit) {
    return registry.get("http_rate_limited").tag("limit", limit).counter().count();
  }

  @Test
  void countsWhoWasRefusedByTheLimitThatRefused() {
    assertThat(allowed(12, i -> answered(limits.guess(network(1), "kim@a.kr").attempt())))
        .isEqualTo(10);
    assertThat(allowed(23, i -> answered(limits.guess(network(2), i + "@a.kr").attempt())))
        .isEqualTo(20);

    assertThat(refused("logins_of_account_and_network")).isEqualTo(2);
    assertThat(refused("logins_of_network")).isEqualTo(3);
    assertThat(refused("logins_of_account")).isZero();
  }

  /** As an endpoint does. */
  private static boolean answered(Attempt attempt) {
    try {
      attempt.require("Too many wrong passwords.");
      return true;
    } catch (ProblemException refusal) {
      return false;
    }
  }

  @Test
  void aRightPasswordCostsNothing() {
    for (int i = 0; i < 200; i++) {
      LoginLimits.Guess guess = limits.guess(network(1), "kim@a.kr");
      assertThat(guess.attempt().isAllowed()).isTrue();
      guess.wasRight();
    }
  }

  @Test
  void strangersEverywhereCannotLockTheOwnerOut() {
    limits.guess(network(1), "kim@a.kr").wasRight();

    assertThat(allowed(1_000, i -> mayGuess(2 + i, "kim@a.kr"))).isEqualTo(100);

    assertThat(mayGuess(5_000, "kim@a.kr")).isFalse();
    assertThat(mayGuess(1, "kim@a.kr")).isTrue();
  }

  @Test
  void oneLimitThatRefusesSpendsNoneOfTheOthers() {
    assertThat(allowed(100, i -> mayGuess(1, "kim@a.kr"))).isEqualTo(10);
    assertThat(allowed(100, i -> mayGuess(1, i + "@b.kr"))).isEqualTo(10);
  }
}
