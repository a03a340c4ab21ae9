package io.concert.reservation.house;

import io.concert.domain.KeyRefusal;
import io.concert.domain.SeatId;
import io.concert.domain.UserId;
import java.util.List;

/** What became of an operator's command about seats. */
public sealed interface HouseReply {
  /**
   * All seats are as they were to be.
   *
   * @param seats how many were named
   * @param changed how many of them weren't so before
   * @param replayed whether this is what the first request with the same key was answered
   */
  record Done(int seats, int changed, boolean replayed) implements HouseReply {}

  /** A hold has been ended. */
  record HoldEnded(UserId holder, boolean replayed) implements HouseReply {}

  /**
   * Nothing was changed: some of the seats are buyers'.
   *
   * @param seats the first hundred of those
   * @param held how many are held, all told
   * @param sold how many are sold, all told
   */
  record Taken(List<SeatId> seats, int held, int sold) implements HouseReply {
    public Taken {
      seats = List.copyOf(seats);
    }
  }

  /** Nothing was changed. */
  record Refused(Refusal reason) implements HouseReply {}

  /** Nothing was changed: the actor's key stands in the way. */
  record KeyRefused(KeyRefusal reason) implements HouseReply {}

  /** Why nothing was changed. */
  enum Refusal {
    UNKNOWN_SCHEDULE,
    /** The date is called off for good. */
    CANCELLED,
    /** The date has got another plan since the seats were chosen. */
    OTHER_PLAN,
    /** The seat has no standing hold. */
    NO_HOLD
  }
}
