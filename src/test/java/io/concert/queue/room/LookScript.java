package io.concert.queue.room;

import io.concert.bus.Bus;
import io.concert.domain.Fault;
import io.concert.domain.RoomId;
import io.concert.queue.api.DrawResult;
import io.concert.queue.api.PlannedDraw;
import io.concert.queue.api.QueueMessages;
import io.concert.queue.api.RoomSettings;
import io.concert.queue.pace.ThroughputWindow;
import io.concert.queue.view.RoomSync;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Says what rooms look like, for tests of the edge alone. Nobody is seen in them, so where somebody
 * stands is asked with {@link QueueMessages#POLL}. A room that other tests made has nobody who
 * answers for it.
 */
public final class LookScript {
  private final Map<RoomId, Appearance> rooms = new ConcurrentHashMap<>();

  private record Appearance(
      RoomSettings settings, Optional<PlannedDraw> ahead, List<DrawResult> draws) {}

  /** Answers looks from now on. Call from a verticle. */
  public Future<Void> serve(Bus bus) {
    return bus.serve(
        RoomSync.LOOK,
        look -> {
          Appearance room = rooms.get(look.room());
          return room == null
              ? Future.failedFuture(
                  new Fault(Fault.Kind.UNAVAILABLE, "not in the script: " + look.room()))
              : Future.succeededFuture(new RoomSync.Saw(delta(room)));
        });
  }

  public void shows(
      RoomId room, RoomSettings settings, Optional<PlannedDraw> ahead, List<DrawResult> draws) {
    rooms.put(room, new Appearance(settings, ahead, draws));
  }

  private static RoomDelta delta(Appearance room) {
    return new RoomDelta(
        1,
        0,
        1,
        0,
        Long.MAX_VALUE,
        Optional.of(new RoomConfig(room.settings(), room.ahead(), 0)),
        room.draws(),
        new ThroughputWindow.Sums(0, 0, 0, 0),
        new byte[0],
        List.of(),
        List.of(),
        List.of());
  }
}
