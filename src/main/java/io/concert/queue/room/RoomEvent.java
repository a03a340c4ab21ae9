package io.concert.queue.room;

import io.concert.domain.Place;
import io.concert.domain.UserId;
import java.util.List;
import java.util.Optional;

/**
 * What has changed in a {@link WaitingRoom}. Each carries its time: anyone who wasn't seen for the
 * presence time before it becomes absent with it, on the owner and on the backup alike.
 */
public sealed interface RoomEvent {
  long nowMillis();

  /** A new place at the back of the current line. */
  record Entered(long nowMillis, UserId user, long sequence) implements RoomEvent {}

  record Seen(long nowMillis, long spot) implements RoomEvent {}

  /** Several places were asked for, each at its spot. */
  record SeenAll(long nowMillis, List<Long> spots) implements RoomEvent {
    public SeenAll {
      spots = List.copyOf(spots);
    }
  }

  record Left(long nowMillis, Place place) implements RoomEvent {}

  /**
   * @param giver of the epoch's places
   * @param admitsFromMillis nobody is let in before
   */
  record EpochBegun(
      long nowMillis, RoomCommand.RoomSnapshot reading, long giver, long admitsFromMillis)
      implements RoomEvent {}

  record Rejoined(long nowMillis, UserId user, Place place, long arrivalMillis)
      implements RoomEvent {}

  record Learned(
      long nowMillis, List<SessionRow> sessionRows, Optional<RoomCommand.RoomSnapshot> reading)
      implements RoomEvent {
    public Learned {
      sessionRows = List.copyOf(sessionRows);
    }
  }

  /** Time went by and somebody became absent. */
  record Aged(long nowMillis) implements RoomEvent {}
}
