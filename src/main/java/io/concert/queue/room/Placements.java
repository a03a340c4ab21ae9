package io.concert.queue.room;

import io.concert.queue.api.QueueMessages.Placement;
import io.concert.queue.room.RoomReply.Standing;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** How the outside hears of a {@link Standing}. */
public final class Placements {
  private Placements() {}

  public static Placement of(Standing standing) {
    return new Placement(
        standing.created(),
        standing.place(),
        standing.arrivalMillis(),
        standing.state(),
        standing.number(),
        time(standing.expiresAtMillis()),
        time(standing.opensAtMillis()),
        standing.estimate(),
        Duration.ofMillis(standing.pollAfterMillis()));
  }

  private static Optional<Instant> time(long millis) {
    return millis == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
  }
}
