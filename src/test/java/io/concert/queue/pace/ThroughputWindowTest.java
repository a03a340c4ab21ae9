package io.concert.queue.pace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ThroughputWindowTest {
  private final ThroughputWindow flow = new ThroughputWindow();

  @Test
  void countsForFiveMinutesAndThenForgets() {
    flow.advance(1_000_000, 3);
    flow.opened(2);
    flow.departed(1);
    flow.advance(1_010_000, 3);
    assertThat(flow.sums()).isEqualTo(new ThroughputWindow.Sums(2, 295_000, 1, 3 * 295_000));

    flow.advance(1_294_999, 0);
    assertThat(flow.sums().openings()).isEqualTo(2);
    flow.advance(1_300_000, 0);
    assertThat(flow.sums()).isEqualTo(new ThroughputWindow.Sums(0, 5_000, 0, 15_000));
    flow.advance(9_000_000, 0);
    assertThat(flow.sums()).isEqualTo(new ThroughputWindow.Sums(0, 0, 0, 0));
  }

  @Test
  void nobodyWaitingIsNoTimeWaited() {
    flow.advance(1_000_000, 0);
    assertThat(flow.sums()).isEqualTo(new ThroughputWindow.Sums(0, 0, 0, 0));
  }

  @Test
  void whoComesBackHasNotDeparted() {
    flow.advance(1_000_000, 0);
    flow.departed(3);
    flow.departed(-1);
    assertThat(flow.sums().departures()).isEqualTo(2);
  }

  /** What was counted, in the plainest way: a list of all that happened. */
  private record Happened(long from, long until, int present, int openings, int departures) {}

  @Test
  void sumsAsPlainListDoes() {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    List<Happened> list = new ArrayList<>();
    long now = 0;
    for (int step = 0; step < 2_000; step++) {
      long before = now;
      now += random.nextInt(100) == 0 ? random.nextInt(400_000) : random.nextInt(9_000);
      int present = random.nextInt(4);
      int openings = random.nextInt(3);
      int departures = random.nextInt(5) - 2;
      flow.advance(now, present);
      flow.opened(openings);
      flow.departed(departures);
      list.add(new Happened(before, now, present, openings, departures));
      assertThat(flow.sums()).isEqualTo(sums(list, now));
    }
  }

  private static ThroughputWindow.Sums sums(List<Happened> list, long now) {
    long begin = (now / 5_000 - 59) * 5_000;
    long openings = 0;
    long waited = 0;
    long departures = 0;
    long presence = 0;
    for (Happened one : list) {
      if (one.until() >= begin) {
        long millis = one.until() - Math.max(begin, one.from());
        openings += one.openings();
        departures += one.departures();
        waited += one.present() > 0 ? millis : 0;
        presence += one.present() * millis;
      }
    }
    return new ThroughputWindow.Sums(openings, waited, departures, presence);
  }
}
