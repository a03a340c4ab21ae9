package io.concert.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.forecast.Behaviour;
import io.concert.forecast.Crowd;
import io.concert.forecast.Forecast;
import io.concert.forecast.Outcome;
import io.concert.forecast.Point;
import io.concert.forecast.Sale;
import org.junit.jupiter.api.Test;

/** A small on-sale; the referee in it fails the test at the first admission that breaks a rule. */
class SimulationTest {
  @Test
  void saleOfTwentyThousandPeopleKeepsOrderAndCapacityAtEveryStep() {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("seed " + seed);
    SaleSetup setup = new SaleSetup(20_000, 400, 40, seed, 0.2);

    Tally tally = new OnSale(setup).run();

    assertThat(tally.sold()).isEqualTo(400);
    assertThat(tally.mostActive()).isEqualTo(40);
    assertThat(tally.admissions()).hasSizeGreaterThan(200);
    assertThat(SimulationReport.html(setup, tally)).contains("Admissions", "</html>");
    forecastAgrees(setup, tally);
  }

  /**
   * The forecast knows no polls and no absences, and they matter little. Halves are compared: how
   * long the last seats of a small sale go round is luck.
   */
  private static void forecastAgrees(SaleSetup setup, Tally tally) {
    Sale sale =
        new Sale(setup.seats(), setup.capacity(), OnSale.SESSION_MILLIS, 0, 0, OnSale.HOLD_MILLIS);
    Behaviour behaviour = Behaviour.PUBLISHED.withUnpaid(setup.unpaidShare());
    Crowd crowd = new Crowd(setup.people(), setup.seed(), behaviour);
    Outcome forecast = Forecast.of(sale, crowd, () -> true).orElseThrow();

    int half = setup.seats() / 2;
    double forecastHalf =
        forecast.series().stream()
            .filter(p -> p.sold() < half)
            .mapToInt(Point::millis)
            .max()
            .orElse(0);
    double simulatedHalf =
        tally.samples().stream()
                .filter(sample -> sample.sold() < half)
                .mapToInt(Tally.Sample::at)
                .max()
                .orElse(0)
            - Crowd.OPENS;
    assertThat(forecastHalf / simulatedHalf).isBetween(0.8, 1.25);
  }

  @Test
  void sameSeedIsTheSameSale() {
    SaleSetup setup = new SaleSetup(1_000, 50, 10, 7, 0.2);
    assertThat(new OnSale(setup).run().admissions())
        .isEqualTo(new OnSale(setup).run().admissions());
  }
}
