package io.concert.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.RoomId;
import io.concert.queue.room.RoomReply;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DoorMetricsTest {
  private static final RoomId ROOM = RoomId.parse("main").orElseThrow();

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final DoorMetrics metrics = new DoorMetrics(registry);

  private static RoomReply.LineUp waiting(int people) {
    return new RoomReply.LineUp(List.of(), 0, 0, 0, 0, false, 0, true, people, 0, 10);
  }

  private double admissions() {
    return registry.get("queue_admissions").tag("room", "main").counter().count();
  }

  /** An alert on a line that doesn't move sees nothing where there is no counter yet. */
  @Test
  void aRoomThatNobodyWasLetIntoYetHasItsCountersAtZero() {
    metrics.seen(ROOM, waiting(9));

    assertThat(admissions()).isZero();
    assertThat(registry.get("queue_sessions_ended_by_time").counter().count()).isZero();
  }

  @Test
  void gaugesGoWithTheRoomAndCountersStay() {
    metrics.seen(ROOM, waiting(9));
    metrics.admitted(ROOM, 3);
    assertThat(registry.get("queue_waiting").tag("room", "main").gauge().value()).isEqualTo(9);

    metrics.keepOnly(Set.of());

    assertThat(registry.find("queue_waiting").gauges()).isEmpty();
    assertThat(admissions()).isEqualTo(3);
  }
}
