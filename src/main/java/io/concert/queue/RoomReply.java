package io.concert.queue;

import io.concert.domain.Place;
import io.concert.domain.UserId;
import io.concert.queue.QueueMessages.AdmissionState;
import java.util.List;

/** What a {@link WaitingRoom} answers. */
sealed interface RoomReply {
  /**
   * @param number 1 is next, 0 admitted or ended
   * @param expiresAtMillis while ACTIVE, else 0
   */
  record Standing(
      boolean created,
      Place place,
      long arrivalMillis,
      PlaceState state,
      long number,
      long expiresAtMillis,
      long pollAfterMillis)
      implements RoomReply {}

  /** The room can't know; the session's row at this place can. */
  record AskDatabase(Place place) implements RoomReply {}

  record Checked(AdmissionState state) implements RoomReply {}

  /**
   * @param people in the order of their places, no more than there are free slots
   * @param asOfXid of the room's last complete reading
   */
  record LineUp(List<Candidate> people, long asOfXid) implements RoomReply {
    public LineUp {
      people = List.copyOf(people);
    }
  }

  record Candidate(UserId user, Place place, long arrivalMillis) {}

  /** No more places can be given in this epoch. */
  record Full() implements RoomReply {}

  record Done() implements RoomReply {}
}
