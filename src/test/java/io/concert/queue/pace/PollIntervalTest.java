package io.concert.queue.pace;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.queue.api.PlaceState;
import io.concert.queue.api.RoomSettings;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PollIntervalTest {
  private static final long PRESENCE = 30_000;

  @Test
  void nearTheFrontOftenAndFarBackSeldom() {
    for (PlaceState state :
        new PlaceState[] {PlaceState.WAITING, PlaceState.NOT_OPEN, PlaceState.PAUSED}) {
      assertThat(PollInterval.afterMillis(state, 1, PRESENCE, 7, 0)).isBetween(900L, 1_120L);
      assertThat(PollInterval.afterMillis(state, 200, PRESENCE, 7, 0)).isBetween(2_700L, 3_300L);
      assertThat(PollInterval.afterMillis(state, 1_000_000, PRESENCE, 7, 0))
          .isBetween(7_560L, 9_240L);
    }
    assertThat(PollInterval.afterMillis(PlaceState.ACTIVE, 0, PRESENCE, 7, 0))
        .isBetween(4_500L, 5_500L);
    assertThat(PollInterval.afterMillis(PlaceState.ENDED, 0, PRESENCE, 7, 0))
        .isBetween(7_560L, 9_240L);
  }

  @Test
  void threePollsFitIntoAnyPresenceTime() {
    for (long presence = RoomSettings.LEAST_PRESENCE.toMillis(); presence < 700_000; ) {
      for (long user = 0; user < 200; user++) {
        long after = PollInterval.afterMillis(PlaceState.WAITING, 1_000_000, presence, user, 5);
        assertThat(3 * after).isLessThan(presence);
      }
      presence += 995;
    }
  }

  @Test
  void whoCameTogetherIsScattered() {
    long[] after =
        LongStream.range(0, 10_000)
            .map(user -> PollInterval.afterMillis(PlaceState.WAITING, 1_000_000, PRESENCE, user, 5))
            .sorted()
            .toArray();
    assertThat(after[0]).isLessThan(7_600);
    assertThat(after[after.length / 2]).isBetween(8_300L, 8_500L);
    assertThat(after[after.length - 1]).isGreaterThan(9_200);
    assertThat(LongStream.of(after).distinct().count()).isGreaterThan(190);
  }

  @Test
  void nobodyIsTiedToOneJitter() {
    assertThat(
            LongStream.range(0, 100)
                .map(now -> PollInterval.afterMillis(PlaceState.ACTIVE, 0, PRESENCE, 7, now))
                .distinct()
                .count())
        .isGreaterThan(50);
  }
}
