package io.concert.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.concert.forecast.Outcome.End;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The model against what can be computed without it. */
class ForecastTest {
  private static final int HOUR = 3_600_000;
  private static final Sale ARENA = new Sale(20_000, 2_000, 600_000, 60_000, 0, 300_000);

  private final long seed = Long.getLong("seed", System.nanoTime());

  private static Outcome of(Sale sale, Crowd crowd) {
    return Forecast.of(sale, crowd, () -> true).orElseThrow();
  }

  private Crowd published(int people) {
    System.out.println("seed " + seed);
    return new Crowd(people, seed, Behaviour.PUBLISHED);
  }

  /** All are there at the opening, patient, and pay after 60 s on average: a shape of 1. */
  private Crowd steady(int people) {
    System.out.println("seed " + seed);
    PayTime exponential = new PayTime(41_589, 138_155);
    return new Crowd(
        people, seed, new Behaviour(1, 0, 1, 1, 0, 1, 0, 40_000, exponential, 0, List.of(1)));
  }

  @Test
  void admitsCapacityByMeanTimeInsideWhenThereIsALine() {
    Outcome outcome = of(new Sale(100_000, 500, HOUR, 0, 0, HOUR), steady(50_000));

    assertThat(outcome.end()).isEqualTo(End.EVERYBODY_GONE);
    // 0.75 s to notice, 40 s to choose, 60 s to pay. All but the last few hundred leave a line.
    assertThat(outcome.admittedPerSecond()).isCloseTo(500 / 100.75, within(0.25));
    assertThat(outcome.buyers()).isEqualTo(outcome.letIn()).isEqualTo(50_000);
  }

  /** Mean number = rate times mean time; of the line and of those inside. */
  @Test
  void obeysLittlesLaw() {
    Outcome outcome = of(new Sale(100_000, 300, HOUR, 0, 0, HOUR), steady(20_000));

    assertThat(outcome.waitingMillis()).isEqualTo(outcome.waits().sum());
    double meanSecondsInside = 100.75;
    assertThat(outcome.meanInside())
        .isCloseTo(outcome.admittedPerSecond() * meanSecondsInside, within(6.0));
    assertThat(outcome.mostInside()).isEqualTo(300);
  }

  @Test
  void letsInNoMoreThanThePaceAllows() {
    Outcome outcome = of(new Sale(100_000, 5_000, HOUR, 0, 7, HOUR), steady(10_000));

    // A bucket of one: the n-th is let in n sevenths of a second after the first.
    assertThat(outcome.waits().quantile(1)).isBetween(9_998 * 1_000 / 7, 10_100 * 1_000 / 7);
    assertThat(outcome.waits().quantile(0.5)).isBetween(4_998 * 1_000 / 7, 5_100 * 1_000 / 7);
  }

  @ParameterizedTest
  @ValueSource(ints = {7, 1_000, 60_000})
  void largerRoomIsNeverSlower(int people) {
    Crowd crowd = published(people);
    Outcome before = of(ARENA.withCapacity(50), crowd);
    for (int capacity = 100; capacity <= 3_200; capacity *= 2) {
      Outcome larger = of(ARENA.withCapacity(capacity), crowd);
      assertThat(larger.letIn()).isGreaterThanOrEqualTo(before.letIn());
      assertThat(larger.waits().quantile(0.95)).isLessThanOrEqualTo(before.waits().quantile(0.95));
      // Where everybody gets in, chance decides the end: who happens to get the last seats.
      if (before.end() == End.SOLD_OUT && larger.letIn() < 0.8 * people) {
        assertThat(larger.endMillis()).isLessThanOrEqualTo(before.endMillis());
      }
      before = larger;
    }
  }

  @Test
  void everybodyEndsAsSomething() {
    Outcome outcome = of(new Sale(3_000, 200, 600_000, 60_000, 0, 300_000), published(30_000));

    assertThat(outcome.end()).isEqualTo(End.SOLD_OUT);
    assertThat(outcome.sold()).isEqualTo(3_000);
    assertThat(
            outcome.buyers()
                + outcome.unpaid()
                + outcome.idle()
                + outcome.gaveUp()
                + outcome.inVain()
                + outcome.tooLate())
        .isEqualTo(30_000);
    assertThat(outcome.inVain()).isGreaterThan(15_000);
    // Of 400 seeds 0.26 to 0.53: the last seats go round between people who don't pay.
    assertThat(outcome.conversion()).isBetween(0.15, 0.7);
    assertThat(outcome.mostInside()).isEqualTo(200);
  }

  /** Korea-Brazil 2022: 740,000 people, 64,000 seats, sold out in an estimated four hours. */
  @Test
  void publishedSaleTakesAsLongAsPublished() {
    Sale stadium = new Sale(64_000, 600, 600_000, 60_000, 0, 300_000);
    Outcome outcome = of(stadium, published(740_000));

    assertThat(outcome.end()).isEqualTo(End.SOLD_OUT);
    assertThat(outcome.endMillis() / (double) HOUR).isBetween(3.5, 4.5);
    assertThat(outcome.steps()).isLessThan(1_480_000);
  }

  @Test
  void sameSeedIsTheSameForecast() {
    Outcome once = of(ARENA, new Crowd(30_000, 7, Behaviour.PUBLISHED));
    Outcome again = of(ARENA, new Crowd(30_000, 7, Behaviour.PUBLISHED));
    Outcome other = of(ARENA, new Crowd(30_000, 8, Behaviour.PUBLISHED));

    assertThat(again.series()).isEqualTo(once.series()).isNotEqualTo(other.series());
    assertThat(again.steps()).isEqualTo(once.steps());
    assertThat(again.waits().sum()).isEqualTo(once.waits().sum());
  }

  /** Everybody is in at once, and most seats are held by people who don't pay. */
  @Test
  void worstCrowdCostsSoManyStepsAPersonAtMost() {
    int people = 50_000;
    Crowd hopeless = new Crowd(people, seed, Behaviour.PUBLISHED.withUnpaid(0.99));
    for (int pace : new int[] {0, 50, 3_333}) {
      Sale sale = new Sale(5_000, people, HOUR, 0, pace, HOUR);
      assertThat(of(sale, hopeless).steps()).isLessThan((long) Forecast.MOST_STEPS_EACH * people);
    }
  }

  @Test
  void stopsWhenToldTo() {
    AtomicInteger asked = new AtomicInteger();

    assertThat(Forecast.of(ARENA, published(20_000), () -> asked.incrementAndGet() < 3)).isEmpty();
    assertThat(asked).hasValue(3);
  }

  @Test
  void endsAfterADay() {
    Outcome outcome = of(ARENA.withCapacity(1), published(5_000));

    assertThat(outcome.end()).isEqualTo(End.DAY_OVER);
    assertThat(outcome.endMillis()).isEqualTo(Forecast.LONGEST_MILLIS);
    assertThat(outcome.inVain()).isGreaterThan(1_000);
  }

  @Test
  void oneForOneSeatIsSold() {
    Behaviour sure = Behaviour.PUBLISHED.withUnpaid(0);
    Crowd one = new Crowd(1, 1, sure);
    Outcome outcome = of(new Sale(1, 1, 600_000, 0, 0, 300_000), one);

    assertThat(outcome.end()).isEqualTo(End.SOLD_OUT);
    assertThat(outcome.buyers()).isEqualTo(1);
    assertThat(outcome.waits().quantile(0.99)).isZero();
  }

  @Test
  void seriesRunsFromOpeningToEndInAtMostTwoHundredPoints() {
    Outcome outcome = of(ARENA, published(60_000));
    List<Point> series = outcome.series();

    assertThat(series).hasSizeBetween(Series.MOST / 2, Series.MOST);
    assertThat(series.get(0)).isEqualTo(new Point(0, series.get(0).waiting(), 0, 0));
    assertThat(series.get(0).waiting()).isBetween(15_000, 17_400); // 27 % gather.
    assertThat(series.get(series.size() - 1).millis()).isEqualTo(outcome.endMillis());
    assertThat(series.get(series.size() - 1).sold()).isEqualTo(outcome.sold());
    List<Point> ordered = new ArrayList<>(series);
    ordered.sort(java.util.Comparator.comparingInt(Point::millis));
    assertThat(series).isEqualTo(ordered);
    assertThat(series).allMatch(point -> point.inside() <= 2_000);
  }

  /** However often the steps have been made longer; only the end comes when it comes. */
  @Test
  void seriesHasEqualSteps() {
    List<Point> series = of(ARENA, published(60_000)).series();

    int step = series.get(1).millis();
    assertThat(step).isGreaterThan(1_000);
    for (int i = 0; i < series.size() - 1; i++) {
      assertThat(series.get(i).millis()).isEqualTo(i * step);
    }
  }

  @Test
  void endReplacesThePointOfItsTime() {
    Series series = new Series();
    series.until(2_000, 5, 5, 0);

    assertThat(series.endedAt(2_000, 0, 0, 9))
        .containsExactly(
            new Point(0, 5, 5, 0), new Point(1_000, 5, 5, 0), new Point(2_000, 0, 0, 9));
  }
}
