package io.concert.reservation;

import io.concert.reservation.ReservationMessages.ClaimState;
import java.util.List;

/** What changes a {@link SeatMap}. */
public sealed interface SeatEvent {
  /**
   * @param untilMilli from then on the mark counts for nothing
   */
  record Claimed(long claim, long user, long untilMilli, List<Integer> seats) implements SeatEvent {
    public Claimed {
      seats = List.copyOf(seats);
    }
  }

  /**
   * @param unmarked seats whose claim is over
   * @param truths rows newer than what the map had, one a seat at most
   */
  record Corrected(List<Integer> unmarked, List<ClaimState> truths) implements SeatEvent {
    public Corrected {
      unmarked = List.copyOf(unmarked);
      truths = List.copyOf(truths);
    }
  }
}
