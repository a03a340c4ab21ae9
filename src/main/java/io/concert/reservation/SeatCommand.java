package io.concert.reservation;

import io.concert.reservation.ReservationMessages.ClaimState;
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
   * @param truths rows as they are now; empty if nothing happened
   */
  record Settle(long claim, List<Integer> seats, List<ClaimState> truths) implements SeatCommand {
    public Settle {
      seats = List.copyOf(seats);
      truths = List.copyOf(truths);
    }
  }

  /** Rows of the database, in any order and of any age; also clears claims that ran out. */
  record Learn(List<ClaimState> truths) implements SeatCommand {
    public Learn {
      truths = List.copyOf(truths);
    }
  }

  /**
   * What do the seats look like?
   *
   * @param epoch and {@code version}: what the asker has already; 0 and 0 for nothing
   */
  record Look(long epoch, long version) implements SeatCommand {}
}
