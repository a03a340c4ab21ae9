package io.concert.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class CutLinksIT {
  @Test
  void nothingIsLostOrDoneTwiceWhileLinksToTheDatabaseAreCut()
      throws InterruptedException, ExecutionException {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("CutLinksIT -Dseed=" + seed);

    CutLinks.Outcome outcome = CutLinks.sell(300, 50, seed);

    System.out.println(outcome);
    assertThat(outcome.cuts()).isGreaterThan(30);
  }
}
