package io.concert.queue.room;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.Place;
import io.concert.domain.UserId;
import io.concert.domain.Won;
import io.concert.queue.api.PlaceState;
import io.concert.queue.api.PlannedDraw;
import io.concert.queue.api.RoomSettings;
import io.concert.queue.pace.ThroughputWindow;
import io.concert.queue.room.RoomReply.Standing;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RoomConfigTest {
  private static final ThroughputWindow.Sums BRISK =
      new ThroughputWindow.Sums(3_000, 300_000, 0, 0);

  @Test
  void estimateBeginsWhenPeopleAreLetIn() {
    Standing now = waiting(new RoomConfig(settings(false), Optional.empty(), 0));
    Standing later = waiting(new RoomConfig(settings(false), Optional.empty(), 1_060_000));
    assertThat(later.estimate().orElseThrow().low())
        .isEqualTo(now.estimate().orElseThrow().low().plusMinutes(1));
  }

  @Test
  void nothingIsPromisedWhilePausedOrBeforeAnOpening() {
    Standing paused = waiting(new RoomConfig(settings(true), Optional.empty(), 0));
    assertThat(paused.state()).isEqualTo(PlaceState.PAUSED);
    assertThat(paused.number()).isEqualTo(8);
    assertThat(paused.estimate()).isEmpty();

    var ahead = Optional.of(new PlannedDraw(4, 5_000_000, "c"));
    Standing gathered = waiting(new RoomConfig(settings(true), ahead, 0));
    assertThat(gathered.state()).isEqualTo(PlaceState.NOT_OPEN);
    assertThat(gathered.number()).isEqualTo(70);
    assertThat(gathered.opensAtMillis()).isEqualTo(5_000_000);
    assertThat(gathered.estimate()).isEmpty();
  }

  /** Behind seven others, and of seventy who gathered. */
  private static Standing waiting(RoomConfig facts) {
    return facts.waiting(false, new UserId(1), new Place(3, 9), 500, 7, 70, 0, BRISK, 1_000_000);
  }

  private static RoomSettings settings(boolean paused) {
    return new RoomSettings(
        5,
        Duration.ofMinutes(10),
        Duration.ZERO,
        0,
        0,
        Duration.ofSeconds(30),
        Duration.ofSeconds(10),
        Optional.empty(),
        paused,
        new Won(0));
  }
}
