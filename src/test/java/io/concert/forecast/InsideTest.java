package io.concert.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.forecast.Outcome.End;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How long people stay inside, by the wait of who comes next. All are there at the opening. */
class InsideTest {
  private static final int SECOND = 1_000;
  private static final int MINUTE = 60 * SECOND;
  private static final int HOUR = 60 * MINUTE;

  private final long seed = Long.getLong("seed", System.nanoTime());

  private Outcome of(Sale sale, int people, double idle, int chooseMillis, double unpaid) {
    System.out.println("seed " + seed);
    PayTime slow = new PayTime(HOUR, 2 * HOUR);
    Behaviour behaviour =
        new Behaviour(1, 0, 1, 1, 0, 1, idle, chooseMillis, slow, unpaid, List.of(1));
    return Forecast.of(sale, new Crowd(people, seed, behaviour), () -> true).orElseThrow();
  }

  @Test
  void whoDoesNothingIsOutAfterTheFirstAction() {
    Outcome outcome = of(new Sale(1, 1, 600 * SECOND, 30 * SECOND, 0, HOUR), 2, 1, 1, 1);

    assertThat(outcome.waits().quantile(1)).isEqualTo(30 * SECOND);
    assertThat(outcome.endMillis()).isEqualTo(60 * SECOND);
    assertThat(outcome.idle()).isEqualTo(2);
  }

  /** Choosing takes a hundred seconds at least. */
  @Test
  void whoIsStillChoosingIsOutAtTheSessionsEnd() {
    Outcome outcome = of(new Sale(1, 1, 10 * SECOND, 0, 0, HOUR), 2, 0, 300 * SECOND, 0);

    assertThat(outcome.waits().quantile(1)).isEqualTo(10 * SECOND);
    assertThat(outcome.end()).isEqualTo(End.EVERYBODY_GONE);
    assertThat(outcome.inVain()).isEqualTo(2);
  }

  /** The first has the only seat for an hour, the second looks for one, the third waits. */
  @Test
  void whoFindsNoSeatsLooksForTwoMinutes() {
    Outcome outcome = of(new Sale(1, 2, HOUR, 0, 0, HOUR), 3, 0, 1, 1);

    assertThat(outcome.waits().quantile(1)).isBetween(2 * MINUTE, 2 * MINUTE + 11 * SECOND);
  }

  /** Of those whose hold runs out half leave, the others stay for the session. */
  @Test
  void halfOfThoseWhoseHoldRunsOutLeave() {
    int people = 400;
    Outcome outcome = of(new Sale(1, 1, 100 * SECOND, 0, 0, 10 * SECOND), people, 0, 1, 1);

    double mean = outcome.endMillis() / (double) people;
    // Ten seconds and a moment, or a hundred; eight standard deviations of the mean.
    assertThat(mean).isBetween(0.5 * (10_750 + 100_000) - 18_000, 0.5 * 110_750 + 18_000);
    assertThat(outcome.unpaid()).isEqualTo(people);
  }

  /** A hold may outlast the session: nobody is sent out before it ends, or stays on after it. */
  @Test
  void holdsThatOutlastTheSessionEndIt() {
    Outcome outcome = of(new Sale(1, 1, 10 * SECOND, 0, 0, 300 * SECOND), 20, 0, 1, 1);

    assertThat(outcome.endMillis()).isBetween(20 * 300_750, 20 * 300_850);
  }
}
