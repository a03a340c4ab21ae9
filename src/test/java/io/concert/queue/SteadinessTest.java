package io.concert.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SteadinessTest {
  private final AtomicLong nanos = new AtomicLong(Duration.ofDays(9).toNanos());
  private final AtomicLong loss = new AtomicLong(nanos.get() - Duration.ofDays(1).toNanos());
  private final Steadiness steadiness = new Steadiness(nanos::get, loss::get);

  @Test
  void lastsSinceTheStart() {
    ticking(Duration.ofSeconds(30));
    assertThat(steadiness.lasted()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void beginsAnewWhenAMemberIsLost() {
    ticking(Duration.ofSeconds(30));
    loss.set(nanos.get());
    ticking(Duration.ofSeconds(4));
    assertThat(steadiness.lasted()).isEqualTo(Duration.ofSeconds(4));
  }

  /** Also for anyone who asks before the timer has come to it. */
  @Test
  void beginsAnewAfterAPause() {
    ticking(Duration.ofSeconds(30));
    nanos.addAndGet(Duration.ofSeconds(20).toNanos());
    assertThat(steadiness.lasted()).isZero();
    ticking(Duration.ofSeconds(1));
    assertThat(steadiness.lasted()).isEqualTo(Duration.ofSeconds(1));
  }

  private void ticking(Duration time) {
    for (long tick = 0; tick < time.toMillis(); tick += 100) {
      nanos.addAndGet(Duration.ofMillis(100).toNanos());
      steadiness.tick();
    }
  }
}
