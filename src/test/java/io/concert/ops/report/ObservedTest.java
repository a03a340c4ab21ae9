package io.concert.ops.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.concert.domain.Won;
import io.concert.ops.report.SaleReport.Counters;
import io.concert.ops.report.SaleReport.Money;
import io.concert.ops.report.SaleReport.People;
import io.concert.ops.report.SaleReport.Point;
import io.concert.ops.report.SaleReport.Spread;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What is read out of a sale against what was put into it. */
class ObservedTest {
  private static final Instant OPENING = Instant.parse("2031-01-01T10:00:00Z");
  private static final Instant FROM = OPENING.minusSeconds(3_600);
  private static final Duration STEP = Duration.ofSeconds(10);
  private static final int STEPS = 1_500;

  private final long seed = Long.getLong("seed", System.nanoTime());

  /**
   * @param arrivals in seconds from the opening
   */
  private static List<Point> points(List<Double> arrivals) {
    Map<Long, Long> joined = new TreeMap<>();
    for (double second : arrivals) {
      joined.merge((long) Math.floor((second + 3_600) / 10), 1L, Long::sum);
    }
    List<Point> points = new ArrayList<>();
    for (long step = 0; step < STEPS; step++) {
      Map<String, Long> levels =
          step < STEPS - 1
              ? Map.of("capacity", 9L)
              : Map.of("capacity", 80L, "free", 5L, "held", 7L, "sold", 300L, "not_for_sale", 40L);
      points.add(
          new Point(
              FROM.plus(STEP.multipliedBy(step)),
              levels,
              Map.of("joined", joined.getOrDefault(step, 0L))));
    }
    return points;
  }

  /** Whoever is let in holds one seat. */
  private static Observed observed(People people, Money money, List<Point> points) {
    Spread nothing =
        new Spread(
            0,
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty());
    SaleReport report =
        new SaleReport(
            "main",
            FROM,
            FROM.plus(STEP.multipliedBy(points.size())),
            Optional.of(OPENING),
            STEP,
            people,
            nothing,
            nothing,
            new Counters(Map.of(), Map.of(), Map.of(), people.admitted(), 0, 0),
            money,
            points);
    return Observed.of(report);
  }

  private static Money money(long bills, OptionalLong p50, OptionalLong p90, List<Long> byCount) {
    return new Money(
        bills, bills, new Won(bills), 0, Won.ZERO, p50, p90, OptionalLong.of(31_400), byCount);
  }

  private static People people(long joined, long admitted, long idle) {
    return new People(joined, admitted, admitted, 0, 0, idle, 0, 0, 0);
  }

  @Test
  void countsWhatThereIs() {
    Observed observed =
        observed(
            people(5_000, 400, 24),
            money(300, OptionalLong.of(62_499), OptionalLong.of(200_500), List.of(60L, 0L, 80L)),
            points(List.of()));

    assertThat(observed.numbers())
        .containsAllEntriesOf(
            Map.of(
                "people", 5_000L,
                "seats", 312L,
                "capacity", 80L,
                "idlePercent", 6L,
                "payPercent", 75L,
                "chooseSeconds", 31L,
                "payMedianSeconds", 62L,
                "payP90Seconds", 201L))
        .doesNotContainKeys("gatheredPercent", "rushPercent", "laterSeconds");
    assertThat(observed.seatsPerBuyer()).containsExactly(60L, 0L, 80L);
  }

  @Test
  void saysNothingOfWhatIsTooLittleOrUnknown() {
    Observed few =
        observed(
            people(30, 19, 9),
            money(19, OptionalLong.of(5), OptionalLong.of(9), List.of(19L)),
            points(java.util.Collections.nCopies(19, 5.0)));

    assertThat(few.numbers()).containsOnlyKeys("people", "seats", "capacity", "chooseSeconds");
    assertThat(few.isEmpty()).isFalse();
  }

  /** A distribution can't go through the same time twice. */
  @Test
  void payTimesRise() {
    Observed fast =
        observed(
            people(30, 30, 0),
            money(30, OptionalLong.of(200), OptionalLong.of(300), List.of(30L)),
            points(List.of()));

    assertThat(fast.numbers())
        .containsEntry("payMedianSeconds", 1L)
        .containsEntry("payP90Seconds", 2L);
  }

  /** Of a crowd as a forecast makes it. */
  @Test
  void findsTheArrivalsThatWerePutIn() {
    System.out.println("seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    List<Double> arrivals = new ArrayList<>();
    for (int person = 0; person < 200_000; person++) {
      double kind = random.nextDouble();
      arrivals.add(
          kind < 0.27
              ? -3_600 * random.nextDouble()
              : -Math.log1p(-random.nextDouble()) * (kind < 0.47 ? 15 : 480));
    }
    Map<String, Long> found = arrivalsOf(arrivals);

    assertThat(found.get("gatheredPercent")).isCloseTo(27, within(1L));
    assertThat(found.get("rushPercent")).isCloseTo(20, within(1L));
    assertThat(found.get("rushSeconds")).isCloseTo(15, within(3L));
    assertThat(found.get("laterSeconds")).isCloseTo(480, within(15L));
  }

  /** Of people who came and bought nothing. */
  private static Map<String, Long> arrivalsOf(List<Double> arrivals) {
    return observed(
            people(arrivals.size(), 0, 0),
            money(0, OptionalLong.empty(), OptionalLong.empty(), List.of()),
            points(arrivals))
        .numbers();
  }

  @Test
  void aCrowdWithoutARushHasNone() {
    SplittableRandom random = new SplittableRandom(seed);
    List<Double> arrivals = new ArrayList<>();
    for (int person = 0; person < 50_000; person++) {
      arrivals.add(-Math.log1p(-random.nextDouble()) * 300);
    }
    Map<String, Long> found = arrivalsOf(arrivals);

    assertThat(found.get("gatheredPercent")).isZero();
    assertThat(found.get("rushPercent")).isBetween(0L, 2L);
    assertThat(found.get("laterSeconds")).isCloseTo(300, within(10L));
  }
}
