package io.concert.queue;

import static org.assertj.core.api.Assertions.assertThat;

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
  }

  @Test
  void sameSeedIsTheSameSale() {
    SaleSetup setup = new SaleSetup(1_000, 50, 10, 7, 0.2);
    assertThat(new OnSale(setup).run().admissions())
        .isEqualTo(new OnSale(setup).run().admissions());
  }
}
