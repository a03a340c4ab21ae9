package io.concert.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ClockSampleTest {
  private static final long OFFSET_MICROS = 5_000_000_000L;
  private static final Duration QUICK = Duration.ofMillis(1);
  private static final Duration SLOW = Duration.ofSeconds(2);

  private final ClockSample known = sample(0, QUICK, Duration.ZERO);

  @Test
  void aQuickerLookCounts() {
    var quicker = sample(200, Duration.ofNanos(500_000), Duration.ofSeconds(2));

    assertThat(known.or(quicker)).isSameAs(quicker);
  }

  @Test
  void aSlowLookCountsForNothing() {
    var slow = sample(900_000, SLOW, Duration.ofSeconds(2));
    assertThat(known.or(slow)).isSameAs(known);

    var afterAnHour = sample(900_000, SLOW, Duration.ofHours(1));
    assertThat(known.or(afterAnHour)).as("quartz hasn't drifted by a second").isSameAs(known);
  }

  @Test
  void aLookAsQuickAsTheLastCountsSoThatDriftIsFollowed() {
    var later = sample(150, QUICK, Duration.ofSeconds(2));

    assertThat(known.or(later)).isSameAs(later);
    var alittleSlower = sample(150, Duration.ofMillis(5), Duration.ofMinutes(1));
    assertThat(known.or(alittleSlower)).as("a minute drifts further").isSameAs(alittleSlower);
  }

  /** Both can't be true: somebody has set the database's clock, or another server answers. */
  @Test
  void aLookThatContradictsWhatIsKnownCountsHoweverSlow() {
    var backAnHour = sample(-3_600_000_000L, SLOW, Duration.ofSeconds(2));

    assertThat(known.or(backAnHour)).isSameAs(backAnHour);
  }

  private static ClockSample sample(long moreMicros, Duration roundTrip, Duration taken) {
    return new ClockSample(OFFSET_MICROS + moreMicros, roundTrip.toNanos(), taken.toNanos());
  }
}
