package io.concert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PatienceTest {
  private final AtomicInteger looks = new AtomicInteger();

  @Test
  void looksNoMoreOnceItHolds() {
    Patience.until(() -> looks.incrementAndGet() == 3);
    assertThat(looks).hasValue(3);
  }

  @Test
  void saysWhatDidNotComeTrueInTime() {
    assertThatThrownBy(() -> Patience.until("spring", Duration.ofMillis(5), () -> false))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("spring");
  }

  @Test
  void isNotStillBeforeTheLastChangeIsLongEnoughAgo() {
    Duration unchangedFor = Duration.ofMillis(40);
    long from = System.nanoTime();
    Patience.untilStill(
        unchangedFor, Duration.ofSeconds(5), () -> Math.min(looks.incrementAndGet(), 4));
    assertThat(looks).hasValueGreaterThan(4);
    assertThat(System.nanoTime() - from).isGreaterThan(unchangedFor.toNanos());
  }

  @Test
  void whatNeverRestsIsNotStill() {
    assertThatThrownBy(
            () ->
                Patience.untilStill(
                    Duration.ofMillis(40), Duration.ofMillis(60), looks::incrementAndGet))
        .isInstanceOf(AssertionError.class);
  }
}
