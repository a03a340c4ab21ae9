package io.concert.queue;

import io.concert.bus.Address;
import io.concert.domain.Place;
import io.concert.domain.RoomId;
import io.concert.domain.SessionId;
import io.concert.domain.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What a waiting room is asked over the bus. */
public final class QueueMessages {
  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  /** Enter, or find the live place that one has. */
  public static final Address<Enter, Placement> ENTER =
      new Address<>("queue.enter.v1", Enter.class, Placement.class, TIMEOUT);

  /** Where a place stands now; asking counts as being present. */
  public static final Address<Poll, Placement> POLL =
      new Address<>("queue.poll.v1", Poll.class, Placement.class, TIMEOUT);

  /** May the owner of this place use the reservation endpoints? */
  public static final Address<CheckAdmission, Admission> CHECK_ADMISSION =
      new Address<>("queue.check-admission.v1", CheckAdmission.class, Admission.class, TIMEOUT);

  /** A session's row has ended: its slot is free. Telling is a courtesy; the row is the truth. */
  public static final Address<SessionEnded, Noted> SESSION_ENDED =
      new Address<>("queue.session-ended.v1", SessionEnded.class, Noted.class, TIMEOUT);

  private QueueMessages() {}

  public record Enter(RoomId room, UserId user) {}

  /**
   * @param arrivalMillis when the place was given, database time; from the token, for a place that
   *     the room has lost
   */
  public record Poll(RoomId room, UserId user, Place place, long arrivalMillis) {}

  /**
   * @param created whether the place is new
   * @param number 1 is next, 0 admitted or ended, counted among those present
   * @param sessionExpiresAt present while ACTIVE
   * @param pollAfter when to ask again
   */
  public record Placement(
      boolean created,
      Place place,
      long arrivalMillis,
      PlaceState state,
      long number,
      Optional<Instant> sessionExpiresAt,
      Duration pollAfter) {}

  public record CheckAdmission(RoomId room, UserId user, Place place) {}

  /**
   * @param state ACTIVE may do everything; PAYING only pays, as the session's own end has passed
   *     and an unpaid hold stands; NONE nothing
   */
  public record Admission(AdmissionState state) {}

  /** What an admission check found. */
  public enum AdmissionState {
    ACTIVE,
    PAYING,
    NONE
  }

  public record SessionEnded(RoomId room, UserId user, SessionId session) {}

  /** An acknowledgement. */
  public record Noted() {}
}
