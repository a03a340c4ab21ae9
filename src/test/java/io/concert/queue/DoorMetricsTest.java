package io.concert.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.RoomId;
import io.concert.domain.SaleTally;
import io.concert.queue.room.RoomReply;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DoorMetricsTest {
  private static final RoomId ROOM = RoomId.parse("main").orElseThrow();

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final DoorMetrics metrics = new DoorMetrics(registry, SaleTally.NONE);

  private static RoomReply.LineUp waiting(int people) {
    return new RoomReply.LineUp(List.of(), 0, 0, 0, 0, false, 0, true, people, 0, 10);
  }

  private double admissions() {
    return registry.get("queue_admissions").tag("room", "main").counter().count();
  }

  /** An alert on a line that doesn't move sees nothing where there is no counter yet. */
  @Test
  void aRoomThatNobodyWasLetIntoYetHasItsCountersAtZero() {
    metrics.seen(ROOM, waiting(9), true);

    assertThat(admissions()).isZero();
    assertThat(registry.get("queue_sessions_ended_by_time").counter().count()).isZero();
  }

  /** A line that doesn't move because it mustn't is no reason to wake anybody. */
  @Test
  void aRoomSaysWhetherItLetsPeopleIn() {
    metrics.seen(ROOM, waiting(9), false);
    assertThat(registry.get("queue_open").tag("room", "main").gauge().value()).isZero();

    metrics.seen(ROOM, waiting(9), true);
    assertThat(registry.get("queue_open").tag("room", "main").gauge().value()).isOne();
  }

  @Test
  void gaugesGoWithTheRoomAndCountersStay() {
    metrics.seen(ROOM, waiting(9), true);
    metrics.admitted(ROOM, 3);
    assertThat(registry.get("queue_waiting").tag("room", "main").gauge().value()).isEqualTo(9);

    metrics.keepOnly(Set.of());

    assertThat(registry.find("queue_waiting").gauges()).isEmpty();
    assertThat(registry.find("queue_open").gauges()).isEmpty();
    assertThat(admissions()).isEqualTo(3);
  }
}
