package io.concert.events.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private final Backoff backoff =
      new Backoff(Duration.ofSeconds(1), Duration.ofHours(1), new SplittableRandom(7));

  @Test
  void doublesUpToItsEndWithJitterOfAHalf() {
    for (int failures = 1; failures <= 100; failures++) {
      long whole = failures > 12 ? 3_600_000 : Math.min(3_600_000, 1_000L << (failures - 1));
      Set<Long> drawn = new HashSet<>();
      for (int i = 0; i < 50; i++) {
        drawn.add(backoff.after(failures).toMillis());
      }
      assertThat(drawn).allMatch(pause -> pause >= whole / 2 && pause <= whole);
      assertThat(drawn).as("not all at once").hasSizeGreaterThan(10);
    }
  }
}
