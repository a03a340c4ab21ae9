package io.concert.queue.room;

import io.concert.domain.Place;
import io.concert.queue.api.DrawResult;
import io.concert.queue.pace.ThroughputWindow;
import java.util.List;
import java.util.Optional;

/**
 * What a node is told of a room when it looks: everything that has changed since it last did.
 *
 * @param incarnation the copy that was looked at, by its {@link OwnCopy}: of what is known of
 *     another one nothing holds
 * @param since what this adds to; 0: it is everything
 * @param version the room's last change that is in it
 * @param asOfMillis database time
 * @param sureUntilMillis from then on somebody who waited may have been let in by another copy
 * @param facts present if they have changed
 * @param draws those made, present with the facts
 * @param flow of the last minutes
 * @param pages of the lines, as {@link RoomDeltaPages} writes them. Never written to after
 *     construction, so it passes uncopied
 * @param sessions live ones that have changed
 * @param ended places whose sessions have ended
 * @param refused places that were asked for by one and at which another waits
 */
@SuppressWarnings("ArrayRecordComponent") // up to 250 KB four times a second: shared, not copied
public record RoomDelta(
    long incarnation,
    long since,
    long version,
    long asOfMillis,
    long sureUntilMillis,
    Optional<RoomConfig> facts,
    List<DrawResult> draws,
    ThroughputWindow.Sums flow,
    byte[] pages,
    List<SessionRow> sessions,
    List<Place> ended,
    List<Place> refused)
    implements RoomReply {
  public RoomDelta {
    draws = List.copyOf(draws);
    sessions = List.copyOf(sessions);
    ended = List.copyOf(ended);
    refused = List.copyOf(refused);
  }
}
