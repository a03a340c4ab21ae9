package io.concert.reservation.api;

import io.concert.bus.Address;
import io.concert.catalog.layout.Layout;
import io.concert.domain.HoldId;
import io.concert.domain.IdempotencyKey;
import io.concert.domain.KeyRefusal;
import io.concert.domain.RoomId;
import io.concert.domain.ScheduleId;
import io.concert.domain.SeatId;
import io.concert.domain.SessionId;
import io.concert.domain.UserId;
import io.concert.domain.Won;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the seats of a schedule are asked over the bus. */
public final class ReservationMessages {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  /** Longer, as an outcome that a lost connection hides is looked up within it. */
  private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(8);

  /** Hold seats for one person: all of them or none. */
  public static final Address<Hold, HoldReply> HOLD =
      new Address<>("reservation.hold.v3", Hold.class, HoldReply.class, COMMAND_TIMEOUT);

  /** Hold the best seats that are free side by side. */
  public static final Address<HoldBest, HoldReply> HOLD_BEST =
      new Address<>("reservation.hold-best.v2", HoldBest.class, HoldReply.class, COMMAND_TIMEOUT);

  /** What a hold with this key was answered, if it was given. Changes nothing. */
  public static final Address<RecallHold, RecallReply> RECALL_HOLD =
      new Address<>("reservation.recall-hold.v1", RecallHold.class, RecallReply.class, TIMEOUT);

  /** Give a held seat back. */
  public static final Address<Release, ReleaseReply> RELEASE =
      new Address<>("reservation.release.v1", Release.class, ReleaseReply.class, COMMAND_TIMEOUT);

  /** Make a standing hold last longer, once. */
  public static final Address<ExtendHold, ExtendReply> EXTEND_HOLD =
      new Address<>(
          "reservation.extend-hold.v1", ExtendHold.class, ExtendReply.class, COMMAND_TIMEOUT);

  /** All standing holds of one person. */
  public static final Address<AskHolds, Holds> ASK_HOLDS =
      new Address<>("reservation.ask-holds.v2", AskHolds.class, Holds.class, TIMEOUT);

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
  public record Hold(
      RoomId room,
      UserId user,
      ScheduleId schedule,
      List<SeatId> seats,
      Optional<IdempotencyKey> key) {
    public Hold {
      seats = List.copyOf(seats);
      if (seats.isEmpty()) {
        throw new IllegalArgumentException("a hold without seats");
      }
    }

    public Hold(RoomId room, UserId user, ScheduleId schedule, List<SeatId> seats) {
      this(room, user, schedule, seats, Optional.empty());
    }
  }

  /**
   * @param count how many seats, at least 1
   * @param section the name of the section they must be in; empty: any
   */
  public record HoldBest(
      RoomId room,
      UserId user,
      ScheduleId schedule,
      int count,
      Optional<String> section,
      Optional<IdempotencyKey> key) {}

  /** The verdict on a {@link Hold} or a {@link HoldBest}. */
  public sealed interface HoldReply {}

  /**
   * @param holds one a seat, in the order asked
   * @param replayed whether this is what the first request with the same key was answered
   */
  public record Held(List<HeldSeat> holds, boolean replayed) implements HoldReply, RecallReply {
    public Held {
      holds = List.copyOf(holds);
    }

    public Held(List<HeldSeat> holds) {
      this(holds, false);
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

  /** The request's idempotency key stands in its way. */
  public record KeyRefused(KeyRefusal reason) implements HoldReply, RecallReply, ReleaseReply {}

  public record RecallHold(IdempotencyKey key) {}

  /** What became of a key. */
  public sealed interface RecallReply {}

  /** No hold was given to this key. */
  public record NothingHeld() implements RecallReply {}

  public record Release(UserId user, SeatId seat, Optional<IdempotencyKey> key) {}

  /** The verdict on a {@link Release}. */
  public sealed interface ReleaseReply {}

  /**
   * @param replayed whether it was given back by the first request with the same key
   */
  public record Released(boolean replayed) implements ReleaseReply {}

  /** The user has no standing hold of the seat. */
  public record NotReleased() implements ReleaseReply {}

  public record ExtendHold(UserId user, HoldId hold) {}

  /** The verdict on an {@link ExtendHold}. */
  public sealed interface ExtendReply {}

  /** It lasts longer, since now or before: the same either way. */
  public record Extended(HeldSeat hold) implements ExtendReply {}

  /**
   * @param never whether no hold may be made to last longer; else the user has no such hold
   */
  public record NotExtended(boolean never) implements ExtendReply {}

  public record AskHolds(UserId user) {}

  /**
   * @param holds the one that ends first before the others
   * @param extendable those of them that may still be made to last longer
   * @param extension by how much
   */
  public record Holds(List<HeldSeat> holds, List<HoldId> extendable, Duration extension) {
    public Holds {
      holds = List.copyOf(holds);
      extendable = List.copyOf(extendable);
    }

    /** Without any that may. */
    public Holds(List<HeldSeat> holds) {
      this(holds, List.of(), Duration.ZERO);
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
    NOT_ADMITTED,
    /** An operator has banned the user. */
    BANNED,
    /** Fewer seats are free side by side than were asked for. */
    NOT_ADJACENT
  }

  public record LookAtSeats(ScheduleId schedule) {}

  /**
   * By the seats' indexes, or by their positions in a layout.
   *
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

    /**
     * These states, which are by index, by position in the layout. Its seats that the map hasn't
     * heard of yet are not for sale, and those of an earlier plan fall out. Another layout of the
     * same map gives other bytes, so it has another epoch, the same on all nodes.
     */
    public SeatStates inOrderOf(Layout layout) {
      if (layout.isInOrder()) {
        return this;
      }
      byte[] ordered = new byte[(layout.seats() + 3) / 4];
      int freeOnes = 0;
      for (int position = 0; position < layout.seats(); position++) {
        int index = layout.index(position);
        SeatStatus status = index < seats ? status(index) : SeatStatus.NOT_FOR_SALE;
        ordered[position / 4] |= (byte) (status.code() << (2 * (position % 4)));
        freeOnes += status == SeatStatus.FREE ? 1 : 0;
      }
      long named = (31 * epoch + layout.version().hashCode()) & Long.MAX_VALUE;
      return new SeatStates(named, version, layout.seats(), freeOnes, ordered);
    }
  }

  /**
   * @param seats those whose claim row has changed, all of one schedule
   */
  public record ClaimsChanged(ScheduleId schedule, List<SeatRow> seats) {
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
  public record SeatRow(int seat, SeatStatus status, long user, long fence, long deadlineMillis) {}

  /**
   * @param session changes nothing unless it is the user's in this room
   */
  public record EndSession(RoomId room, UserId user, SessionId session) {}

  /** An acknowledgement. */
  public record Noted() {}
}
