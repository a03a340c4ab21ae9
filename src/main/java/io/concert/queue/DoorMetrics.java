package io.concert.queue;

import io.concert.domain.RoomId;
import io.concert.queue.room.RoomReply;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What Prometheus is told of the rooms that this node owns, and of what it did at their doors. Of
 * all nodes only a room's owner has its gauges, so that sums are true.
 */
final class DoorMetrics {
  private final MeterRegistry registry;
  private final Map<RoomId, Owned> owned = new ConcurrentHashMap<>();

  /** The last that was seen of a room, and the gauges that show it. */
  private static final class Owned {
    private final List<Gauge> gauges = new ArrayList<>();
    private volatile RoomReply.LineUp seen;

    Owned(RoomReply.LineUp seen) {
      this.seen = seen;
    }
  }

  DoorMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  void seen(RoomId room, RoomReply.LineUp lineUp) {
    owned.computeIfAbsent(room, r -> own(r, lineUp)).seen = lineUp;
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

  void admitted(RoomId room, int people) {
    registry.counter("queue_admissions", "room", room.name()).increment(people);
  }

  void ended(RoomId room, int sessions) {
    registry.counter("queue_sessions_ended_by_time", "room", room.name()).increment(sessions);
  }

  private Owned own(RoomId room, RoomReply.LineUp first) {
    Owned known = new Owned(first);
    // At zero from the start: a rate wants a counter that is there before the first is let in.
    admitted(room, 0);
    ended(room, 0);
    known.gauges.add(
        Gauge.builder("queue_waiting", known, it -> it.seen.waiting())
            .description("People who wait and are present")
            .tag("room", room.name())
            .register(registry));
    known.gauges.add(
        Gauge.builder("queue_active", known, it -> it.seen.active())
            .description("People who are in")
            .tag("room", room.name())
            .register(registry));
    known.gauges.add(
        Gauge.builder("queue_capacity", known, it -> it.seen.capacity())
            .description("People who may be in at once")
            .tag("room", room.name())
            .register(registry));
    return known;
  }
}
