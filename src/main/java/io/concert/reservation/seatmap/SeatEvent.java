package io.concert.reservation.seatmap;

import io.concert.reservation.api.ReservationMessages.SeatRow;
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
   * @param seatRows rows that count instead of what the map had, one a seat at most
   * @param asOfXid what transactions below it have changed is known now; 0 if nobody says so
   */
  record Corrected(List<Integer> unmarked, List<SeatRow> seatRows, long asOfXid)
      implements SeatEvent {
    public Corrected {
      unmarked = List.copyOf(unmarked);
      seatRows = List.copyOf(seatRows);
    }
  }
}
