package io.concert.queue.api;

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
  public static final Address<Enter, EnterReply> ENTER =
      new Address<>("queue.enter.v2", Enter.class, EnterReply.class, TIMEOUT);

  /** Where a place stands now, asked of the room itself; asking counts as being present. */
  public static final Address<Poll, Placement> POLL =
      new Address<>("queue.poll.v2", Poll.class, Placement.class, TIMEOUT);

  /** May the owner of this place use the reservation endpoints? Asked of the room itself. */
  public static final Address<CheckAdmission, Admission> CHECK_ADMISSION =
      new Address<>("queue.check-admission.v2", CheckAdmission.class, Admission.class, TIMEOUT);

  /** Stop waiting. */
  public static final Address<Leave, LeaveReply> LEAVE =
      new Address<>("queue.leave.v1", Leave.class, LeaveReply.class, TIMEOUT);

  /** A session's row has ended: its slot is free. Telling is a courtesy; the row is the truth. */
  public static final Address<SessionEnded, Noted> SESSION_ENDED =
      new Address<>("queue.session-ended.v1", SessionEnded.class, Noted.class, TIMEOUT);

  /**
   * Somebody left while the database let them in: end the session, and give back its holds. Served
   * where the holds are.
   */
  public static final Address<OwnerLeft, Noted> OWNER_LEFT =
      new Address<>("queue.owner-left.v1", OwnerLeft.class, Noted.class, TIMEOUT);

  /** A room's settings were changed. Telling is a courtesy; the row is the truth. */
  public static final Address<SettingsChanged, Noted> SETTINGS_CHANGED =
      new Address<>("queue.settings-changed.v1", SettingsChanged.class, Noted.class, TIMEOUT);

  private QueueMessages() {}

  /**
   * @param mayCreate whether a new place may be given; otherwise only a live one is found
   */
  public record Enter(RoomId room, UserId user, boolean mayCreate) {}

  /** The answer to an {@link Enter}. */
  public sealed interface EnterReply {}

  /** There is no live place and none was to be made. */
  public record NoPlace() implements EnterReply {}

  /**
   * The room gives no more places at the moment.
   *
   * @param retryAfter when it may
   */
  public record TooManyJoins(Duration retryAfter) implements EnterReply {}

  /**
   * @param arrivalMillis when the place was given, database time; from the token, for a place that
   *     the room has lost
   */
  public record Poll(RoomId room, UserId user, Place place, long arrivalMillis) {}

  /**
   * @param created whether the place is new
   * @param number 1 is next, 0 admitted or ended, counted among those present; before the opening
   *     how many have gathered
   * @param sessionExpiresAt present while ACTIVE
   * @param opensAt present while NOT_OPEN
   * @param estimate present while WAITING, once there is something to go by
   * @param pollAfter when to ask again
   */
  public record Placement(
      boolean created,
      Place place,
      long arrivalMillis,
      PlaceState state,
      long number,
      Optional<Instant> sessionExpiresAt,
      Optional<Instant> opensAt,
      Optional<WaitEstimate> estimate,
      Duration pollAfter)
      implements EnterReply {
    public Placement as(boolean isNew) {
      return new Placement(
          isNew,
          place,
          arrivalMillis,
          state,
          number,
          sessionExpiresAt,
          opensAt,
          estimate,
          pollAfter);
    }
  }

  /**
   * How long somebody will wait, most likely.
   *
   * @param low four of five wait at least so long and at most {@code high}
   */
  public record WaitEstimate(Duration low, Duration high) {}

  public record Leave(RoomId room, UserId user, Place place) {}

  /** The answer to a {@link Leave}. */
  public sealed interface LeaveReply {}

  /** The place is given up, or was worth nothing. */
  public record Left() implements LeaveReply {}

  /** The place has led to a session, which is to be ended where its holds are. */
  public record HasSession(SessionId session) implements LeaveReply {}

  public record CheckAdmission(RoomId room, UserId user, Place place) {}

  /**
   * @param state ACTIVE may do everything; PAYING only pays, as the session's own end has passed
   *     and an unpaid hold stands; NONE nothing
   * @param session the place's, empty with NONE
   */
  public record Admission(AdmissionState state, Optional<SessionId> session) {
    public static Admission none() {
      return new Admission(AdmissionState.NONE, Optional.empty());
    }
  }

  /** What an admission check found. */
  public enum AdmissionState {
    ACTIVE,
    PAYING,
    NONE
  }

  public record SessionEnded(RoomId room, UserId user, SessionId session) {}

  public record OwnerLeft(RoomId room, UserId user, SessionId session) {}

  public record SettingsChanged(RoomId room) {}

  /** An acknowledgement. */
  public record Noted() {}
}
