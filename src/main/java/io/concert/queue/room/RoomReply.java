package io.concert.queue.room;

import io.concert.domain.Place;
import io.concert.domain.SessionId;
import io.concert.domain.UserId;
import io.concert.queue.api.PlaceState;
import io.concert.queue.api.QueueMessages.Admission;
import io.concert.queue.api.QueueMessages.WaitEstimate;
import java.util.List;
import java.util.Optional;

/** What a {@link WaitingRoom} answers. */
public sealed interface RoomReply
    permits RoomReply.Standing,
        RoomReply.NoPlace,
        RoomReply.TooManyJoins,
        RoomReply.NeedsEpoch,
        RoomReply.NeedsPlaces,
        RoomReply.InSession,
        RoomReply.AskDatabase,
        RoomReply.NeedsLook,
        RoomReply.MissedTurn,
        RoomReply.KeepsAnother,
        RoomReply.Checked,
        RoomReply.LineUp,
        RoomReply.OwnersLeft,
        RoomReply.Full,
        RoomReply.Done,
        RoomDelta {
  /**
   * @param number 1 is next, 0 admitted or ended; before the opening how many have gathered
   * @param expiresAtMillis while ACTIVE, else 0
   * @param opensAtMillis while NOT_OPEN, else 0
   * @param estimate while WAITING, once there is something to go by
   */
  record Standing(
      boolean created,
      Place place,
      long arrivalMillis,
      PlaceState state,
      long number,
      long expiresAtMillis,
      long opensAtMillis,
      Optional<WaitEstimate> estimate,
      long pollAfterMillis)
      implements RoomReply {}

  /** There is no live place and none was to be made. */
  record NoPlace() implements RoomReply {}

  /** As many as may have joined in this second. */
  record TooManyJoins(long retryAfterMillis) implements RoomReply {}

  /**
   * This copy can give no place in the room's epoch: an opening has come, another copy gives them,
   * or there is a newer one.
   */
  record NeedsEpoch() implements RoomReply {}

  /** Places must be reserved first. */
  record NeedsPlaces(int epoch, int upTo) implements RoomReply {}

  /** The place has led to this session: leaving is ending it. */
  record InSession(SessionId session) implements RoomReply {}

  /** The room can't know; the session's row at this place can. */
  record AskDatabase(Place place) implements RoomReply {}

  /**
   * What this copy knows may be out of date: first it has to be told what has changed in the
   * database.
   *
   * @param lookedAtMillis when it was last told; 0: never
   */
  record NeedsLook(long lookedAtMillis) implements RoomReply {}

  /** The place has led to a turn that nobody took: its owner may enter again, at the back. */
  record MissedTurn() implements RoomReply {}

  /**
   * The place was given up, and its owner waits at another one or is in: one person keeps one
   * place. An answer that was lost may have given somebody an older place than the one they know.
   */
  record KeepsAnother() implements RoomReply {}

  record Checked(Admission admission) implements RoomReply {}

  /**
   * What there is to do.
   *
   * @param people to let in, in the order of their places, no more than there are free slots
   * @param asOfXid of the room's last complete reading
   * @param copy that was asked, by its {@link OwnCopy}
   * @param epoch the room's
   * @param newestEpoch greater if another copy has begun one
   * @param needsEpoch whether the room needs a new one: an opening has come that isn't drawn, the
   *     epoch is, or this copy isn't its giver
   * @param reserveUpTo places to reserve, 0 for none
   * @param inUse whether a loss of the room would lose somebody's turn
   * @param waiting people present who wait
   * @param active sessions
   * @param capacity as set
   */
  record LineUp(
      List<Candidate> people,
      long asOfXid,
      long copy,
      int epoch,
      int newestEpoch,
      boolean needsEpoch,
      int reserveUpTo,
      boolean inUse,
      int waiting,
      int active,
      int capacity)
      implements RoomReply {
    public LineUp {
      people = List.copyOf(people);
    }
  }

  record Candidate(UserId user, Place place, long arrivalMillis) {}

  /** No more places can be given in this epoch. */
  record Full() implements RoomReply {}

  record Done() implements RoomReply {}

  /** Learned. These sessions were begun for people who had left while they were let in. */
  record OwnersLeft(List<OwnersLeft.Session> sessions) implements RoomReply {
    public record Session(UserId user, SessionId id) {}
  }
}
