package io.concert.queue.room;

import io.concert.domain.Place;
import io.concert.domain.SessionId;
import io.concert.domain.UserId;
import io.concert.queue.api.QueueMessages.Admission;
import io.concert.queue.api.QueueMessages.AdmissionState;
import java.util.Optional;

/**
 * One row of {@code room_session} as somebody read it, perhaps some time ago. Truths may reach the
 * room late, twice and out of order: that a session has ended is final, and ends only move forward,
 * so that any order leads to the same state.
 *
 * @param arrivalMillis when the place was given
 * @param endsAtMillis the session's own end
 * @param lastsUntilMillis that or the last deadline of its unpaid holds, whichever is later
 * @param ended whether the row says so; only then, not because its time has passed
 * @param returned ended because its owner did nothing with it: the turn was missed, and the place
 *     with it
 */
public record SessionRow(
    SessionId id,
    UserId user,
    Place place,
    long arrivalMillis,
    long endsAtMillis,
    long lastsUntilMillis,
    boolean ended,
    boolean returned) {

  public boolean liveAt(long nowMillis) {
    return !ended && nowMillis < lastsUntilMillis;
  }

  /** What its owner may do while it is live. */
  public Admission admissionAt(long nowMillis) {
    boolean own = nowMillis < endsAtMillis;
    return new Admission(own ? AdmissionState.ACTIVE : AdmissionState.PAYING, Optional.of(id));
  }

  /** Of two readings of a live row the later ends: a hold prolongs, nothing needs to shorten. */
  SessionRow merge(SessionRow other) {
    return new SessionRow(
        id,
        user,
        place,
        arrivalMillis,
        Math.max(endsAtMillis, other.endsAtMillis),
        Math.max(lastsUntilMillis, other.lastsUntilMillis),
        ended,
        returned);
  }

  public SessionRow asEnded() {
    return new SessionRow(
        id, user, place, arrivalMillis, endsAtMillis, lastsUntilMillis, true, false);
  }
}
