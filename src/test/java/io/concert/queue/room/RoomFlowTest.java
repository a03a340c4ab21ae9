package io.concert.queue.room;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.Place;
import io.concert.queue.pace.ThroughputWindow;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a room counts for its estimates. */
class RoomFlowTest {
  private final Room room = new Room(3, 5);

  @Test
  void whoVanishesOrLeavesHasDeparted() {
    Place stays = room.enter(1).place();
    Place leaves = room.enter(2).place();
    room.enter(3);
    room.now += 30_000;
    room.poll(1, stays);
    room.poll(2, leaves);
    assertThat(flow().departures()).isZero();

    room.now += 1;
    assertThat(flow().departures()).as("vanished").isEqualTo(1);
    room.leave(2, leaves);
    assertThat(flow().departures()).as("left").isEqualTo(2);
  }

  @Test
  void whoComesBackHasNotDeparted() {
    Place place = room.enter(1).place();
    room.enter(2);
    room.now += 30_001;
    assertThat(flow().departures()).isEqualTo(2);
    room.poll(1, place);
    assertThat(flow().departures()).isEqualTo(1);
    room.now += 3_000;
    room.poll(1, place);
    assertThat(flow().departures()).as("was here").isEqualTo(1);
  }

  @Test
  void whoLeavesWhileAbsentDepartedBefore() {
    Place place = room.enter(1).place();
    room.now += 30_001;
    room.leave(1, place);
    assertThat(flow().departures()).isEqualTo(1);
  }

  @Test
  void endedSessionsOpenSlotsWhileSomebodyWaits() {
    SessionRow first = room.session(50, 7, new Place(2, 1));
    SessionRow second = room.session(51, 8, new Place(2, 2));
    room.learn(first, second);
    room.learn(first.asEnded());
    assertThat(flow().openings()).as("nobody waits").isZero();
    room.enter(1);
    room.learn(second.asEnded());
    room.learn(second.asEnded());
    assertThat(flow().openings()).isEqualTo(1);
  }

  @Test
  void growingOpensSlotsAndShrinkingTakesNoneBack() {
    room.enter(1);
    resize(2, 8);
    assertThat(flow().openings()).isEqualTo(3);
    resize(3, 1);
    assertThat(flow().openings()).isEqualTo(3);
  }

  @Test
  void timeCountsForEverybodyPresent() {
    room.enter(1);
    room.enter(2);
    room.now += 4_000;
    room.enter(3);
    assertThat(flow().millis()).isEqualTo(4_000);
    assertThat(flow().presentMillis()).isEqualTo(8_000);
  }

  private void resize(long version, int capacity) {
    var reading = Room.reading(3, version, Room.settings(capacity));
    room.tell(new RoomCommand.Learn(List.of(), Optional.of(reading)));
  }

  private ThroughputWindow.Sums flow() {
    return ((RoomDelta) room.tell(new RoomCommand.Look(0, 0, List.of()))).flow();
  }
}
