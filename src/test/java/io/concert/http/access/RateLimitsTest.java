package io.concert.http.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.concert.http.web.Problem;
import io.concert.http.web.ProblemCode;
import io.concert.http.web.ProblemException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimitsTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final AtomicLong nanos = new AtomicLong(-5);
  private final RateLimits limits =
      new RateLimits(new JoinLimits(true, 2, List.of()), nanos::get, new RefusalCounts(registry));

  private boolean mayJoin(String address) {
    return retryAfter(address) == 0;
  }

  /** 0 if the address may join. */
  private long retryAfter(String address) {
    InetAddress from = TrustedProxies.address(address).orElseThrow();
    Attempt join = limits.join(from);
    if (join.isAllowed()) {
      return 0;
    }
    ProblemException refused =
        catchThrowableOfType(ProblemException.class, () -> join.require("too many"));
    assertThat(refused.problem().code()).isEqualTo(ProblemCode.RATE_LIMITED);
    return refused.problem().retryAfterSeconds();
  }

  private void spend(String address, int joins) {
    for (int i = 0; i < joins; i++) {
      assertThat(mayJoin(address)).as("join %s", i).isTrue();
    }
  }

  @Test
  void allowsTenSecondsWorthAtOnceAndThenTheRate() {
    spend("203.0.113.9", 20);
    assertThat(retryAfter("203.0.113.9")).isOne();

    nanos.addAndGet(Duration.ofMillis(499).toNanos());
    assertThat(mayJoin("203.0.113.9")).isFalse();
    nanos.addAndGet(Duration.ofMillis(1).toNanos());
    spend("203.0.113.9", 1);
    assertThat(mayJoin("203.0.113.9")).isFalse();

    nanos.addAndGet(Duration.ofHours(1).toNanos());
    spend("203.0.113.9", 20);
    assertThat(mayJoin("203.0.113.9")).isFalse();
  }

  @Test
  void aJoinThatGaveNoPlaceDoesNotCount() {
    InetAddress from = TrustedProxies.address("203.0.113.9").orElseThrow();
    for (int i = 0; i < 100; i++) {
      Attempt join = limits.join(from);
      assertThat(join.isAllowed()).isTrue();
      join.undo();
    }
    spend("203.0.113.9", 20);
    assertThat(mayJoin("203.0.113.9")).isFalse();
  }

  /** Somebody without an allowance may have a place already, and isn't refused. */
  @Test
  void onlyARefusalIsCounted() {
    InetAddress from = TrustedProxies.address("203.0.113.7").orElseThrow();
    spend("203.0.113.7", 20);
    var counter = registry.get("http_rate_limited").tag("limit", "joins_of_network").counter();

    Attempt join = limits.join(from);
    assertThat(join.isAllowed()).isFalse();
    assertThat(counter.count()).isZero();

    assertThat(join.refusal("x")).isInstanceOf(ProblemException.class);
    assertThat(counter.count()).isOne();
  }

  @Test
  void countsEachAddressByItself() {
    spend("203.0.113.9", 20);
    spend("203.0.113.8", 20);
    assertThat(mayJoin("203.0.113.9")).isFalse();
    spend("::ffff:198.51.100.1", 20);
    assertThat(mayJoin("198.51.100.1")).isFalse();
  }

  @Test
  void countsIpv6ByItsFirst64Bits() {
    for (int i = 0; i < 20; i++) {
      spend("2001:db8:1:2::" + Integer.toHexString(i), 1);
    }
    assertThat(mayJoin("2001:db8:1:2:ffff:ffff:ffff:ffff")).isFalse();
    spend("2001:db8:1:3::1", 20);
  }

  @Test
  void tellsWhenInWholeSeconds() {
    assertThat(Problem.rateLimited("x", Duration.ZERO).retryAfterSeconds()).isOne();
    assertThat(Problem.rateLimited("x", Duration.ofSeconds(1)).retryAfterSeconds()).isOne();
    assertThat(Problem.rateLimited("x", Duration.ofMillis(1_001)).retryAfterSeconds()).isEqualTo(2);
  }
}
