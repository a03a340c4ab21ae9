package io.concert.e2e;

import io.concert.e2e.TestService.Sale;
import io.concert.load.Processes;
import io.concert.load.Verdicts;
import io.concert.load.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Whole journeys a second: queue, seats, hold, charge, pay, each of a person of its own and for a
 * seat of its own, with service, database and client on the same machine. First as many as there
 * can be, then a steady 70 % of that for the times. A date of 10,000 seats is sold out each round.
 *
 * <p>{@code mvn -q -DskipTests package exec:java@run -Drun=journeys}
 */
public final class JourneyBench {
  private static final int SEATS = 10_000;

  /** Until then compiling is a third of what the service's processor time goes into. */
  private static final int WARM_UPS = 6;

  private static final int ROUNDS = 3;
  private static final int STEADY_ROUNDS = 3;
  private static final int AT_ONCE = 768;
  private static final int CONNECTIONS = 128;
  private static final long PRICE = 99_000;
  private static final double STEADY_SHARE = 0.7;

  private final TestService service;
  private final ServiceProcess node;
  private final Iterator<String> guests;

  private JourneyBench(TestService service, ServiceProcess node, Iterator<String> guests) {
    this.service = service;
    this.node = node;
    this.guests = guests;
  }

  /**
   * What one round showed.
   *
   * @param cpuMillis of the service and of the database, a journey
   */
  private record Round(
      double perSecond, double cpuMillis, double databaseCpuMillis, Journeys journeys) {}

  private interface Load {
    void run(Journeys journeys);
  }

  public static void main(String[] arguments) {
    Map<String, String> settings =
        Map.of(
            "QUEUE_CAPACITY", Integer.toString(10 * AT_ONCE),
            "RATE_LIMITS", "off",
            "LOG_LEVEL", "warn");
    try (TestService service = new TestService(settings)) {
      ServiceProcess node = service.startNodeToMeasure();
      int people = (WARM_UPS + ROUNDS + STEADY_ROUNDS) * SEATS;
      List<String> guests = WaitingUsers.guests(service.database(), people);
      new JourneyBench(service, node, guests.iterator()).measure();
      service.assertInvariants();
      System.out.println("invariants hold");
    }
    System.exit(0);
  }

  private void measure() {
    for (int i = 0; i < WARM_UPS; i++) {
      System.out.printf("warming up: %,.0f/s%n", full().perSecond());
    }
    List<Round> rounds = new ArrayList<>();
    for (int i = 1; i <= ROUNDS; i++) {
      rounds.add(full());
      System.out.printf("round %d: %,.0f journeys/s%n", i, rounds.get(i - 1).perSecond());
    }
    double best = median(rounds, Round::perSecond);
    List<Round> steady = new ArrayList<>();
    for (int i = 1; i <= STEADY_ROUNDS; i++) {
      steady.add(round(journeys -> journeys.run(SEATS, STEADY_SHARE * best)));
    }
    Verdicts verdicts = new Verdicts();
    verdicts.atLeast("journeys, everything on this machine", best, 1_500, "/s");
    verdicts.atMost(
        "service, processor time", median(rounds, Round::cpuMillis), 0.5, "ms a journey");
    verdicts.given(
        "database, processor time", median(rounds, Round::databaseCpuMillis), "ms a journey");
    verdicts.counted("errors", errors(rounds) + errors(steady), "");
    verdicts.given("steady", median(steady, Round::perSecond), "/s");
    verdicts.given("enter, p99", times(steady, j -> j.entersTimes().millis(0.99)), "ms");
    verdicts.given("seats, p99", times(steady, j -> j.seatsTimes().millis(0.99)), "ms");
    verdicts.given("hold, p50", times(steady, j -> j.holdTimes().millis(0.5)), "ms");
    verdicts.atMost("hold, p99", times(steady, j -> j.holdTimes().millis(0.99)), 50, "ms");
    verdicts.given("pay, p50", times(steady, j -> j.payTimes().millis(0.5)), "ms");
    verdicts.atMost("pay, p99", times(steady, j -> j.payTimes().millis(0.99)), 50, "ms");
    System.out.printf(
        "%n%,d seats a round, %d journeys at once, %d connections, medians of %d rounds%n%s",
        SEATS, AT_ONCE, CONNECTIONS, ROUNDS, verdicts);
  }

  private Round full() {
    return round(journeys -> journeys.run(SEATS, AT_ONCE));
  }

  private Round round(Load load) {
    Sale sale = service.openSale(node, SEATS, PRICE);
    try (Wire wire = new Wire(node.port(), CONNECTIONS)) {
      Journeys journeys = new Journeys(wire, sale, guests);
      Duration used = Processes.cpu(node.pid());
      Duration database = DatabaseProcesses.cpu(service.database());
      long began = System.nanoTime();
      load.run(journeys);
      double seconds = (System.nanoTime() - began) / 1e9;
      if (journeys.errors() > 0) {
        System.out.println(journeys.errors() + " errors, the first: " + journeys.firstError());
      }
      return new Round(
          SEATS / seconds,
          millis(Processes.cpu(node.pid()).minus(used)) / SEATS,
          millis(DatabaseProcesses.cpu(service.database()).minus(database)) / SEATS,
          journeys);
    }
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / 1e6;
  }

  private static int errors(List<Round> rounds) {
    return rounds.stream().mapToInt(round -> round.journeys().errors()).sum();
  }

  private static double times(List<Round> rounds, ToDoubleFunction<Journeys> figure) {
    return median(rounds, round -> figure.applyAsDouble(round.journeys()));
  }

  private static double median(List<Round> rounds, ToDoubleFunction<Round> figure) {
    return rounds.stream().mapToDouble(figure).sorted().toArray()[rounds.size() / 2];
  }
}
