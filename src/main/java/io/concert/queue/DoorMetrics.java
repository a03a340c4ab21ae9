package io.concert.queue;

import io.concert.domain.RoomId;
import io.concert.domain.SaleTally;
import io.concert.queue.room.RoomReply.LineUp;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

/**
 * What Prometheus is told of the rooms that this node owns, and of what it did at their doors. Of
 * all nodes only a room's owner has its gauges, so that sums are true.
 */
final class DoorMetrics {
  private final MeterRegistry registry;
  private final SaleTally tally;
  private final Map<RoomId, Owned> owned = new ConcurrentHashMap<>();

  /** The last that was seen of a room, and the gauges that show it. */
  private static final class Owned {
    private final List<Gauge> gauges = new ArrayList<>();
    private volatile Seen seen;

    Owned(Seen seen) {
      this.seen = seen;
    }
  }

  private record Seen(LineUp lineUp, boolean open) {}

  DoorMetrics(MeterRegistry registry, SaleTally tally) {
    this.registry = registry;
    this.tally = tally;
  }

  /**
   * @param open whether people may be let in: neither paused nor before its opening
   */
  void seen(RoomId room, LineUp lineUp, boolean open) {
    Seen seen = new Seen(lineUp, open);
    owned.computeIfAbsent(room, r -> own(r, seen)).seen = seen;
    tally.level(room, "waiting", lineUp.waiting());
    tally.level(room, "active", lineUp.active());
    tally.level(room, "capacity", lineUp.capacity());
  }

  /** Rooms that others own by now aren't told of any more. */
  void keepOnly(Set<String> rooms) {
    owned.forEach(
        (room, known) -> {
          if (!rooms.contains(room.name())) {
            owned.remove(room);
            known.gauges.forEach(registry::remove);
          }
        });
  }

  void joined(RoomId room) {
    joins(room).increment();
    tally.count(room, "joined", 1);
  }

  private Counter joins(RoomId room) {
    return registry.counter("queue_joins", "room", room.name());
  }

  void admitted(RoomId room, int people) {
    registry.counter("queue_admissions", "room", room.name()).increment(people);
  }

  void ended(RoomId room, int sessions) {
    registry.counter("queue_sessions_ended_by_time", "room", room.name()).increment(sessions);
  }

  /** Somebody said that they don't want their place, or their session, any more. */
  void left(RoomId room, boolean wasInside) {
    registry
        .counter("queue_left", "room", room.name(), "was", wasInside ? "inside" : "waiting")
        .increment();
  }

  private Owned own(RoomId room, Seen first) {
    Owned known = new Owned(first);
    // At zero from the start: a rate wants a counter that is there before the first is let in.
    admitted(room, 0);
    joins(room).increment(0);
    ended(room, 0);
    gauge(known, room, "queue_waiting", "People who wait and are present", LineUp::waiting);
    gauge(known, room, "queue_active", "People who are in", LineUp::active);
    gauge(known, room, "queue_capacity", "People who may be in at once", LineUp::capacity);
    known.gauges.add(
        Gauge.builder("queue_open", known, it -> it.seen.open() ? 1 : 0)
            .description("1 unless the room is paused or not open yet")
            .tag("room", room.name())
            .register(registry));
    return known;
  }

  private void gauge(
      Owned known, RoomId room, String name, String description, ToDoubleFunction<LineUp> value) {
    known.gauges.add(
        Gauge.builder(name, known, it -> value.applyAsDouble(it.seen.lineUp()))
            .description(description)
            .tag("room", room.name())
            .register(registry));
  }
}
