package io.concert.reservation.seatmap;

import io.concert.reservation.api.ReservationMessages.SeatRow;
import java.util.List;

/** What a {@link SeatMap} is asked. Seats are indexes in the layout's order. */
public sealed interface SeatCommand {
  /**
   * Sets seats aside while the database judges; all of them or none.
   *
   * @param claim names this attempt; any number but 0 that no other attempt has
   */
  record Claim(long claim, long user, List<Integer> seats) implements SeatCommand {
    public Claim {
      seats = List.copyOf(seats);
    }
  }

  /**
   * Sets the first of these groups aside that is wholly free, for anybody: also what its asker
   * holds already isn't taken for free.
   *
   * @param claim as in {@link Claim}
   * @param groups in the order of preference
   */
  record ClaimFirst(long claim, long user, List<List<Integer>> groups) implements SeatCommand {
    public ClaimFirst {
      groups = groups.stream().map(List::copyOf).toList();
    }
  }

  /**
   * The database has judged a claim, or nothing came of it.
   *
   * @param seats those of the claim
   * @param seatRows rows as they are now; empty if nothing happened
   */
  record Settle(long claim, List<Integer> seats, List<SeatRow> seatRows) implements SeatCommand {
    public Settle {
      seats = List.copyOf(seats);
      seatRows = List.copyOf(seatRows);
    }
  }

  /**
   * Rows of the database, in any order and of any age; also clears claims that ran out.
   *
   * @param asOfXid with these rows all is known that transactions below this one have changed; 0 if
   *     that isn't so
   */
  record Learn(List<SeatRow> seatRows, long asOfXid) implements SeatCommand {
    public Learn {
      seatRows = List.copyOf(seatRows);
    }

    /** Some rows among others that may have changed. */
    public Learn(List<SeatRow> seatRows) {
      this(seatRows, 0);
    }
  }

  /** From which transaction on are changes unknown? */
  record AskBound() implements SeatCommand {}

  /**
   * Where does the map say something else than the database, which isn't newer there? What has been
   * learned since the rows were read may be among it.
   *
   * @param rows one a seat at most
   */
  record Compare(List<SeatRow> rows) implements SeatCommand {
    public Compare {
      rows = List.copyOf(rows);
    }
  }

  /**
   * The database has never had what the map says, or has lost it.
   *
   * @param wrong what the map said before the rows were read
   * @param rows as they are; one a seat at most
   */
  record Overrule(List<SeatRow> wrong, List<SeatRow> rows) implements SeatCommand {
    public Overrule {
      wrong = List.copyOf(wrong);
      rows = List.copyOf(rows);
    }
  }

  /**
   * What do the seats look like?
   *
   * @param epoch and {@code version}: what the asker has already; 0 and 0 for nothing
   */
  record Look(long epoch, long version) implements SeatCommand {}
}
