package io.concert.reservation;

import io.concert.bus.Address;
import io.concert.domain.HoldId;
import io.concert.domain.RoomId;
import io.concert.domain.ScheduleId;
import io.concert.domain.SeatId;
import io.concert.domain.SessionId;
import io.concert.domain.UserId;
import io.concert.domain.Won;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What the seats of a schedule are asked over the bus. */
public final class ReservationMessages {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  /** Hold seats for one person: all of them or none. */
  public static final Address<Hold, HoldReply> HOLD =
      new Address<>("reservation.hold.v1", Hold.class, HoldReply.class, TIMEOUT);

  /** The state of every seat, as the node that answers last saw it (at most 100 ms ago). */
  public static final Address<LookAtSeats, SeatStates> LOOK_AT_SEATS =
      new Address<>("reservation.look-at-seats.v1", LookAtSeats.class, SeatStates.class, TIMEOUT);

  /** Claims have changed in the database: bring the seat map up to them. A courtesy, too. */
  public static final Address<ClaimsChanged, Noted> CLAIMS_CHANGED =
      new Address<>("reservation.claims-changed.v1", ClaimsChanged.class, Noted.class, TIMEOUT);

  /** Its owner leaves: end a session before its time and give back its unpaid holds. */
  public static final Address<EndSession, Noted> END_SESSION =
      new Address<>("reservation.end-session.v1", EndSession.class, Noted.class, TIMEOUT);

  private ReservationMessages() {}

  /**
   * @param room the waiting room in which the user must have a live session
   * @param seats one or more seats of one schedule
   */
  public record Hold(RoomId room, UserId user, ScheduleId schedule, List<SeatId> seats) {
    public Hold {
      seats = List.copyOf(seats);
      if (seats.isEmpty()) {
        throw new IllegalArgumentException("a hold without seats");
      }
    }
  }

  /** The verdict on a {@link Hold}. */
  public sealed interface HoldReply {}

  /**
   * @param holds one a seat, in the order asked
   */
  public record Held(List<HeldSeat> holds) implements HoldReply {
    public Held {
      holds = List.copyOf(holds);
    }
  }

  /**
   * @param seats for SEAT_TAKEN and NOT_ON_SALE the seats that weren't to be had, else empty
   */
  public record NotHeld(HoldRefusal reason, List<SeatId> seats) implements HoldReply {
    public NotHeld {
      seats = List.copyOf(seats);
    }
  }

  /** Times are the database's. */
  public record HeldSeat(SeatId seat, HoldId hold, Won price, Instant heldAt, Instant deadline) {}

  /** Why seats weren't held. */
  public enum HoldRefusal {
    SEAT_TAKEN,
    LIMIT_REACHED,
    NOT_ON_SALE,
    /** No live session in the concert's waiting room. */
    NOT_ADMITTED
  }

  public record LookAtSeats(ScheduleId schedule) {}

  /**
   * @param epoch changes when the seat map was rebuilt; with {@code version} it names these bytes
   * @param free how many are free
   * @param states two bits a seat, seat i in bits 2·(i mod 4) of byte i/4: 0 free, 1 held, 2 sold,
   *     3 not for sale. Never written to after construction, so it passes uncopied
   */
  @SuppressWarnings("ArrayRecordComponent") // 12 KB ten times a second: shared, not copied
  public record SeatStates(long epoch, long version, int seats, int free, byte[] states) {
    /**
     * @param seat less than {@link #seats}
     */
    public SeatStatus status(int seat) {
      return SeatStatus.of((states[seat / 4] >> (2 * (seat % 4))) & 3);
    }
  }

  /**
   * @param seats those whose claim row has changed, all of one schedule
   */
  public record ClaimsChanged(ScheduleId schedule, List<ClaimState> seats) {
    public ClaimsChanged {
      seats = List.copyOf(seats);
    }
  }

  /**
   * One claim row's truth.
   *
   * @param user who holds or bought the seat, 0 for nobody
   * @param fence the row's last change; an older one never overwrites a newer one
   * @param deadlineMillis of the hold, 0 without one
   */
  public record ClaimState(
      int seat, SeatStatus status, long user, long fence, long deadlineMillis) {}

  /**
   * @param session changes nothing unless it is the user's in this room
   */
  public record EndSession(RoomId room, UserId user, SessionId session) {}

  /** An acknowledgement. */
  public record Noted() {}
}
