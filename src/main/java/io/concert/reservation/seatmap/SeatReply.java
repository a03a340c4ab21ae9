package io.concert.reservation.seatmap;

import io.concert.reservation.api.ReservationMessages.SeatRow;
import io.concert.reservation.api.ReservationMessages.SeatStates;
import java.util.List;

/** What a {@link SeatMap} answers. */
public sealed interface SeatReply {
  /** The seats are set aside: ask the database. */
  record Proceed() implements SeatReply {}

  /**
   * A group is set aside: ask the database.
   *
   * @param group its place among those that were asked for
   */
  record Chosen(int group) implements SeatReply {}

  /** Somebody else holds, bought or is claiming these; nothing was set aside. */
  record Taken(List<Integer> seats) implements SeatReply {
    public Taken {
      seats = List.copyOf(seats);
    }
  }

  /** House seats; nothing was set aside. */
  record NotForSale(List<Integer> seats) implements SeatReply {
    public NotForSale {
      seats = List.copyOf(seats);
    }
  }

  record Noted() implements SeatReply {}

  record Bound(long asOfXid) implements SeatReply {}

  /**
   * @param contradicting what the map says of seats of which a row says something else
   */
  record Compared(List<SeatRow> contradicting) implements SeatReply {
    public Compared {
      contradicting = List.copyOf(contradicting);
    }
  }

  /** The asker is up to date. */
  record Unchanged() implements SeatReply {}

  record Seen(SeatStates states) implements SeatReply {}
}
