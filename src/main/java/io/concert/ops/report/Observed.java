package io.concert.ops.report;

import io.concert.ops.report.SaleReport.Point;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a sale says about the people of the next one, in whole numbers as a forecast is asked for.
 * What isn't known of a sale isn't in it.
 *
 * @param numbers by the names of a forecast's settings
 * @param seatsPerBuyer how many had one seat, two seats, and so on; empty if nobody bought
 */
public record Observed(Map<String, Long> numbers, List<Long> seatsPerBuyer) {
  /**
   * Who comes in this time after the opening is of the rush, but for those who'd have come anyway.
   */
  static final Duration RUSH = Duration.ofSeconds(60);

  /** Fewer say nothing about a distribution. */
  private static final int FEW = 20;

  /** Longer and later than this no forecast takes, so that isn't said either. */
  private static final long DAY_SECONDS = 86_400;

  private static final long HOUR_SECONDS = 3_600;

  public Observed {
    numbers = Map.copyOf(numbers);
    seatsPerBuyer = List.copyOf(seatsPerBuyer);
  }

  /** Of a sale; nothing at all of one to which nobody came. */
  public static Observed of(SaleReport sale) {
    Map<String, Long> numbers = new LinkedHashMap<>();
    SaleReport.People people = sale.people();
    put(numbers, "people", people.joined(), 1, Long.MAX_VALUE);
    put(numbers, "seats", seatsForSale(sale), 1, Long.MAX_VALUE);
    put(numbers, "capacity", last(sale, "capacity"), 1, Long.MAX_VALUE);
    if (people.admitted() >= FEW) {
      put(numbers, "idlePercent", percent(people.idle(), people.admitted()), 0, 100);
    }
    long held = sale.counters().seatsHeld();
    if (held >= FEW) {
      put(numbers, "payPercent", Math.min(100, percent(sale.money().bills(), held)), 0, 100);
    }
    put(numbers, "chooseSeconds", seconds(sale.money().toHoldMeanMillis()), 0, HOUR_SECONDS);
    payTime(numbers, sale.money());
    sale.opensAt().ifPresent(opening -> arrivals(numbers, sale, opening));
    return new Observed(numbers, sale.money().byCount());
  }

  public boolean isEmpty() {
    return !numbers.containsKey("people") && seatsPerBuyer.isEmpty();
  }

  private static long seatsForSale(SaleReport sale) {
    return last(sale, "free") + last(sale, "held") + last(sale, "sold");
  }

  private static long last(SaleReport sale, String level) {
    Point end = sale.points().get(sale.points().size() - 1);
    return end.levels().getOrDefault(level, 0L);
  }

  /** A median and a ninth decile that a distribution can go through. */
  private static void payTime(Map<String, Long> numbers, SaleReport.Money money) {
    long median = Math.max(1, seconds(money.fromHoldP50Millis()));
    long p90 = Math.max(median + 1, seconds(money.fromHoldP90Millis()));
    if (money.bills() >= FEW && money.fromHoldP50Millis().isPresent() && p90 <= DAY_SECONDS) {
      numbers.put("payMedianSeconds", median);
      numbers.put("payP90Seconds", p90);
    }
  }

  /**
   * By the method of moments. Those who come later are fewer and fewer with a time constant: of an
   * exponential distribution it is the mean of what is beyond any moment. So it is known from those
   * after the rush, and with it how many of them came during the rush; the others were the rush.
   */
  private static void arrivals(Map<String, Long> numbers, SaleReport sale, Instant opening) {
    double gathered = 0;
    double early = 0;
    double earlySeconds = 0;
    double late = 0;
    double lateSeconds = 0;
    for (Point point : sale.points()) {
      long joined = point.counts().getOrDefault("joined", 0L);
      double middle =
          Duration.between(opening, point.at()).toMillis() / 1_000.0
              + sale.step().toMillis() / 2_000.0;
      if (middle < 0) {
        gathered += joined;
      } else if (middle < RUSH.toSeconds()) {
        early += joined;
        earlySeconds += joined * middle;
      } else {
        late += joined;
        lateSeconds += joined * (middle - RUSH.toSeconds());
      }
    }
    double all = gathered + early + late;
    if (all < FEW) {
      return;
    }
    numbers.put("gatheredPercent", Math.round(100 * gathered / all));
    if (late < FEW || sale.step().compareTo(RUSH.dividedBy(4)) > 0) {
      return;
    }
    double constant = Math.max(1, lateSeconds / late);
    double beyond = Math.exp(-RUSH.toSeconds() / constant);
    double laterInRush = Math.min(early, late * (1 - beyond) / beyond);
    double rush = early - laterInRush;
    put(numbers, "laterSeconds", Math.round(constant), 1, DAY_SECONDS);
    long most = 100 - Math.round(100 * gathered / all);
    numbers.put("rushPercent", Math.min(most, Math.round(100 * rush / all)));
    if (rush >= FEW) {
      double meanInRush = constant - RUSH.toSeconds() * beyond / (1 - beyond);
      double seconds = (earlySeconds - laterInRush * meanInRush) / rush;
      put(numbers, "rushSeconds", Math.max(1, Math.round(seconds)), 1, HOUR_SECONDS);
    }
  }

  private static long percent(long part, long whole) {
    return Math.round(100.0 * part / whole);
  }

  private static long seconds(OptionalLong millis) {
    return millis.isPresent() ? Math.max(1, Math.round(millis.getAsLong() / 1_000.0)) : -1;
  }

  private static void put(
      Map<String, Long> numbers, String name, long value, long least, long most) {
    Optional.of(value)
        .filter(it -> it >= least && it <= most)
        .ifPresent(it -> numbers.put(name, it));
  }
}
