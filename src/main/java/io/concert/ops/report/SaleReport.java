package io.concert.ops.report;

import io.concert.domain.Won;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How the sale of a date went.
 *
 * @param room the waiting room that opens it; other dates may share it
 * @param from inclusive
 * @param to exclusive
 * @param opensAt when the room opened, or the date's sale, if that was in this time
 * @param step the distance of the points
 * @param points one for each step
 */
public record SaleReport(
    String room,
    Instant from,
    Instant to,
    Optional<Instant> opensAt,
    Duration step,
    People people,
    Spread waits,
    Spread inside,
    Counters counters,
    Money money,
    List<Point> points) {
  public SaleReport {
    points = List.copyOf(points);
  }

  /**
   * The room's people. Each session is one of bought, boughtOther, idle, leftWithout, stillInside.
   *
   * @param joined places that were given
   * @param admitted sessions that began
   * @param places that led to a session, which one does twice if its first session was idle
   * @param bought sessions that bought seats of this date
   * @param boughtOther that bought seats of other dates only
   * @param idle that ended as nothing was done with them
   * @param leftWithout that ended without buying anything
   * @param waitingAtEnd people present in line
   */
  public record People(
      long joined,
      long admitted,
      long places,
      long bought,
      long boughtOther,
      long idle,
      long leftWithout,
      long stillInside,
      long waitingAtEnd) {
    /** Who came, wasn't let in, and isn't there any more. */
    public long abandoned() {
      return Math.max(0, joined - places - waitingAtEnd);
    }
  }

  /**
   * Times of people: exact, by the nearest rank. Empty if there are none.
   *
   * @param meanMillis rounded
   */
  public record Spread(
      long count,
      OptionalLong p50Millis,
      OptionalLong p95Millis,
      OptionalLong p99Millis,
      OptionalLong meanMillis) {}

  /** What was counted, by what it is called in {@code /metrics}. */
  public record Counters(
      Map<String, Long> holds,
      Map<String, Long> payments,
      Map<String, Long> estimates,
      long seatsHeld,
      long seatsExpired,
      long seatsGivenBack) {
    public Counters {
      holds = Map.copyOf(holds);
      payments = Map.copyOf(payments);
      estimates = Map.copyOf(estimates);
    }
  }

  /**
   * Of the bills that were made in this time.
   *
   * @param refunded of them, until now
   * @param fromHoldP50Millis from holding a seat to paying for it, as far as the hold's beginning
   *     is known
   * @param toHoldMeanMillis from being let in to the first of the seats that were bought
   * @param byCount how many buyers have one seat, two seats, and so on; the last has all who have
   *     more
   */
  public record Money(
      long bills,
      long buyers,
      Won taken,
      long refunded,
      Won givenBack,
      OptionalLong fromHoldP50Millis,
      OptionalLong fromHoldP90Millis,
      OptionalLong toHoldMeanMillis,
      List<Long> byCount) {
    public Money {
      byCount = List.copyOf(byCount);
    }
  }

  /**
   * A step.
   *
   * @param levels what there was at its end, by name; what isn't known is missing
   * @param counts what happened in it, by name; what didn't is missing
   */
  public record Point(Instant at, Map<String, Long> levels, Map<String, Long> counts) {
    public Point {
      levels = Map.copyOf(levels);
      counts = Map.copyOf(counts);
    }
  }
}
