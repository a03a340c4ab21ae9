package io.concert.e2e;

import io.concert.e2e.Journeys.Step;
import io.concert.e2e.TestService.Sale;
import io.concert.load.Processes;
import io.concert.load.Spread;
import io.concert.load.Verdicts;
import io.concert.load.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/**
 * Whole journeys a second: enter the queue, poll until let in, dates, seats, hold, charge, pay,
 * each of a person of its own and for a seat of its own, with service, database and client on the
 * same machine. First as many as there can be, then a steady 70 % of that for the times, at last
 * only the buying part of people who are in already. A date of 10,000 seats is sold out each round.
 *
 * <p>{@code mvn -q -DskipTests package exec:java@run -Drun=journeys}
 */
public final class JourneyBench {
  private static final int SEATS = 10_000;

  /** Until then compiling is a third of what the service's processor time goes into. */
  private static final int WARM_UPS = 6;

  private static final int ROUNDS = 3;
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
   * @param cpuMillis of the service, a journey
   * @param databaseCpuMillis of the database, a journey
   */
  private record Round(
      double perSecond, double cpuMillis, double databaseCpuMillis, Journeys journeys) {
    double millis(Step step, double share) {
      return journeys.times(step).millis(share);
    }
  }

  public static void main(String[] arguments) {
    System.exit(bench());
  }

  private static int bench() {
    try (TestService service = new TestService(WaitingUsers.settings(2 * SEATS))) {
      ServiceProcess node = service.startNodeToMeasure();
      int people = (WARM_UPS + 3 * ROUNDS) * SEATS;
      List<String> guests = WaitingUsers.guests(service.database(), people);
      Verdicts verdicts = new JourneyBench(service, node, guests.iterator()).measure();
      service.assertInvariants();
      System.out.println("invariants hold");
      return verdicts.publish(
          "%,d seats a round, %d journeys at once, %d connections, medians of %d rounds"
              .formatted(SEATS, AT_ONCE, CONNECTIONS, ROUNDS));
    }
  }

  private Verdicts measure() {
    for (int i = 0; i < WARM_UPS; i++) {
      System.out.printf("warming up: %,.0f/s%n", full().perSecond());
    }
    List<Round> rounds = new ArrayList<>();
    for (int i = 1; i <= ROUNDS; i++) {
      rounds.add(full());
      System.out.printf("round %d: %,.0f journeys/s%n", i, rounds.get(i - 1).perSecond());
    }
    Spread best = Spread.of(rounds, Round::perSecond);
    List<Round> steady = new ArrayList<>();
    List<Round> buying = new ArrayList<>();
    for (int i = 1; i <= ROUNDS; i++) {
      steady.add(
          round(nothing -> {}, journeys -> journeys.run(SEATS, STEADY_SHARE * best.median())));
      buying.add(
          round(journeys -> journeys.letIn(SEATS, AT_ONCE), journeys -> journeys.buy(AT_ONCE)));
    }
    Verdicts verdicts = new Verdicts();
    verdicts.atLeast("journeys, everything on this machine", best, 1_500, "/s");
    verdicts.atMost(
        "service, processor time", Spread.of(rounds, Round::cpuMillis), 0.5, "ms a journey");
    verdicts.given(
        "database, processor time", Spread.of(rounds, Round::databaseCpuMillis), "ms a journey");
    verdicts.given("steady", Spread.of(steady, Round::perSecond), "/s");
    for (Step step : Step.values()) {
      String name = "steady: " + step.name().toLowerCase(Locale.ROOT);
      verdicts.given(name + ", p50", Spread.of(steady, it -> it.millis(step, 0.5)), "ms");
      ToDoubleFunction<Round> late = it -> it.millis(step, 0.99);
      if (step == Step.HOLD || step == Step.PAY) {
        verdicts.atMost(name + ", p99", Spread.of(steady, late), 50, "ms");
      } else {
        verdicts.given(name + ", p99", Spread.of(steady, late), "ms");
      }
    }
    verdicts.given("hold, charge and pay only", Spread.of(buying, Round::perSecond), "/s");
    verdicts.none("errors", errors(rounds) + errors(steady) + errors(buying));
    return verdicts;
  }

  private Round full() {
    return round(nothing -> {}, journeys -> journeys.run(SEATS, AT_ONCE));
  }

  /**
   * @param before isn't measured
   */
  private Round round(Consumer<Journeys> before, Consumer<Journeys> load) {
    Sale sale = service.openSale(node, SEATS, PRICE);
    try (Wire wire = new Wire(node.port(), CONNECTIONS)) {
      Journeys journeys = new Journeys(wire, sale, guests);
      before.accept(journeys);
      Duration used = Processes.cpu(node.pid());
      Duration database = DatabaseProcesses.cpu(service.database());
      long began = System.nanoTime();
      load.accept(journeys);
      double seconds = (System.nanoTime() - began) / 1e9;
      if (journeys.errors() > 0) {
        System.out.println(journeys.errors() + " errors, the first: " + journeys.firstError());
      }
      int done = journeys.done();
      return new Round(
          done / seconds,
          millis(Processes.cpu(node.pid()).minus(used)) / done,
          millis(DatabaseProcesses.cpu(service.database()).minus(database)) / done,
          journeys);
    }
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / 1e6;
  }

  private static int errors(List<Round> rounds) {
    return rounds.stream().mapToInt(round -> round.journeys().errors()).sum();
  }
}
