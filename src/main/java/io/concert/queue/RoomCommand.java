package io.concert.queue;

import io.concert.domain.Place;
import io.concert.domain.SessionId;
import io.concert.domain.UserId;
import java.util.List;
import java.util.Optional;

/** What a {@link WaitingRoom} is asked. */
sealed interface RoomCommand {
  /**
   * Find the user's live place or give a new one at the back.
   *
   * @param afterLooking the database was asked about an overdue session: don't ask again
   */
  record Enter(UserId user, boolean afterLooking) implements RoomCommand {}

  /** Where does this place stand? Asking makes its owner present. */
  record Poll(UserId user, Place place, long arrivalMillis) implements RoomCommand {}

  /** Put a place that the room has lost, and that never opened the door, back where it stood. */
  record Rejoin(UserId user, Place place, long arrivalMillis) implements RoomCommand {}

  record CheckAdmission(UserId user, Place place) implements RoomCommand {}

  /**
   * Who is next for the free slots?
   *
   * @param limit how many at most
   */
  record NextInLine(int limit) implements RoomCommand {}

  /**
   * What the database says of sessions.
   *
   * @param reading present if {@code truths} is all that has changed since the last reading
   */
  record Learn(List<SessionTruth> truths, Optional<Reading> reading) implements RoomCommand {
    public Learn {
      truths = List.copyOf(truths);
    }
  }

  /** A session's row has ended; said by whoever ended it. */
  record EndSession(UserId user, SessionId session) implements RoomCommand {}

  /**
   * A complete look at the room's rows.
   *
   * @param asOfXid transactions below are all seen; the next look asks for changes from here on
   * @param capacity of the room's row at that time
   */
  record Reading(long asOfXid, int capacity) {}
}
