package io.concert.e2e;

import io.concert.e2e.Journeys.Step;
import io.concert.e2e.TestService.Sale;
import io.concert.load.Spread;
import io.concert.load.Verdicts;
import io.concert.load.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * A node that has just become ready, beside itself when it is warm: whole journeys a second in its
 * first ten seconds, and after a minute and a half of them. Each round is a node and a database of
 * its own.
 *
 * <p>{@code mvn -q -DskipTests package exec:java@run -Drun=cold}
 */
public final class ColdBench {
  private static final int ROUNDS = 3;
  private static final int SEATS = 25_000;
  private static final int MOST_JOURNEYS = 12 * SEATS;
  private static final int AT_ONCE = 128;
  private static final int CONNECTIONS = 128;
  private static final long PRICE = 99_000;
  private static final Duration FIRST = Duration.ofSeconds(10);
  private static final Duration UNTIL_WARM = Duration.ofSeconds(80);

  /**
   * What one node showed.
   *
   * @param readySeconds from its start
   * @param firstPerSecond journeys in its first ten seconds
   * @param holdMillis their holds' p99
   */
  private record Round(
      double readySeconds,
      double firstPerSecond,
      double holdMillis,
      double warmPerSecond,
      int errors) {
    double percent() {
      return 100 * firstPerSecond / warmPerSecond;
    }
  }

  private ColdBench() {}

  public static void main(String[] arguments) {
    System.exit(bench());
  }

  private static int bench() {
    List<Round> rounds = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      rounds.add(round());
      System.out.println(rounds.get(i));
    }
    Verdicts verdicts = new Verdicts();
    verdicts.atMost("ready after the start", Spread.of(rounds, Round::readySeconds), 12, "s");
    verdicts.given("first 10 s: journeys", Spread.of(rounds, Round::firstPerSecond), "/s");
    verdicts.given("warm: journeys", Spread.of(rounds, Round::warmPerSecond), "/s");
    verdicts.atLeast("first 10 s, of the warm rate", Spread.of(rounds, Round::percent), 70, "%");
    verdicts.atMost("first 10 s: hold, p99", Spread.of(rounds, Round::holdMillis), 250, "ms");
    verdicts.none("errors", rounds.stream().mapToInt(Round::errors).sum());
    return verdicts.publish(
        "%d journeys at once, %d connections, medians of %d nodes"
            .formatted(AT_ONCE, CONNECTIONS, ROUNDS));
  }

  private static Round round() {
    try (TestService service = new TestService(WaitingUsers.settings(2 * SEATS))) {
      long started = System.nanoTime();
      ServiceProcess node = service.startNodeToMeasure();
      double ready = (System.nanoTime() - started) / 1e9;
      Sale sale = service.openSale(node, SEATS, PRICE);
      Iterator<String> guests = WaitingUsers.guests(service.database(), MOST_JOURNEYS).iterator();
      Window first = window(node, sale, guests, FIRST);
      int errors = first.journeys().errors();
      long end = System.nanoTime() + UNTIL_WARM.toNanos();
      while (System.nanoTime() < end) {
        Sale next = service.openSale(node, SEATS, PRICE);
        errors += window(node, next, guests, FIRST).journeys().errors();
      }
      Window warm = window(node, service.openSale(node, SEATS, PRICE), guests, FIRST);
      service.assertInvariants();
      return new Round(
          ready,
          first.perSecond(),
          first.journeys().times(Step.HOLD).millis(0.99),
          warm.perSecond(),
          errors + warm.journeys().errors());
    }
  }

  private record Window(double perSecond, Journeys journeys) {}

  private static Window window(
      ServiceProcess node, Sale sale, Iterator<String> guests, Duration length) {
    try (Wire wire = new Wire(node.port(), CONNECTIONS)) {
      Journeys journeys = new Journeys(wire, sale, guests);
      long began = System.nanoTime();
      journeys.runFor(length.toNanos(), AT_ONCE);
      if (journeys.errors() > 0) {
        System.out.println(journeys.errors() + " errors, the first: " + journeys.firstError());
      }
      return new Window(journeys.done() / ((System.nanoTime() - began) / 1e9), journeys);
    }
  }
}
