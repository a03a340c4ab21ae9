package io.concert.queue.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.Place;
import io.concert.domain.RoomId;
import io.concert.domain.SaleTally;
import io.concert.queue.api.QueueMessages.WaitEstimate;
import io.concert.queue.room.Room;
import io.concert.queue.room.RoomCommand;
import io.concert.queue.room.RoomDelta;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class WaitPromisesTest {
  private static final RoomId ROOM = RoomId.DEFAULT;
  private static final long MADE = 1_000_000;

  private final Room room = new Room(3, 9);
  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final WaitPromises promises = new WaitPromises(registry, SaleTally.NONE);

  @Test
  void waitsAreCountedAgainstWhatWasSaid() {
    kept(1, 9_999);
    kept(2, 10_000);
    kept(3, 20_000);
    kept(4, 20_001);
    assertThat(count("sooner")).isEqualTo(1);
    assertThat(count("inside")).isEqualTo(2);
    assertThat(count("later")).isEqualTo(1);
  }

  @Test
  void firstPromiseCounts() {
    Place place = promised(1);
    promises.made(ROOM, place, new WaitEstimate(Duration.ZERO, Duration.ofDays(1)), MADE + 5_000);
    promises.kept(ROOM, admitted(1, place), MADE + 25_000);
    assertThat(count("later")).isEqualTo(1);
  }

  @Test
  void eachPromiseIsKeptOnce() {
    Place place = promised(1);
    RoomView view = admitted(1, place);
    promises.kept(ROOM, view, MADE + 15_000);
    promises.kept(ROOM, view, MADE + 25_000);
    assertThat(count("inside") + count("sooner") + count("later")).isEqualTo(1);
  }

  @Test
  void nothingWasPromisedToOthers() {
    promises.kept(ROOM, admitted(2, new Place(2, 7)), MADE + 15_000);
    promises.kept(new RoomId("other"), admitted(1, promised(1)), MADE + 15_000);
    assertThat(count("inside") + count("sooner") + count("later")).isZero();
  }

  private double count(String outcome) {
    return registry.get("queue_wait_estimates").tag("outcome", outcome).counter().count();
  }

  private void kept(long user, long afterMillis) {
    promises.kept(ROOM, admitted(user, promised(user)), MADE + afterMillis);
  }

  /** Between ten and twenty seconds. */
  private Place promised(long user) {
    Place place = new Place(2, user);
    promises.made(
        ROOM, place, new WaitEstimate(Duration.ofSeconds(10), Duration.ofSeconds(20)), MADE);
    return place;
  }

  private RoomView admitted(long user, Place place) {
    room.learn(room.session(user, user, place));
    return RoomView.after(null, (RoomDelta) room.tell(new RoomCommand.Look(0, 0, List.of())));
  }
}
