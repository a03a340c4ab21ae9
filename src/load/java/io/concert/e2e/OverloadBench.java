package io.concert.e2e;

import static io.concert.Patience.letPass;

import io.concert.e2e.TestService.Sale;
import io.concert.load.Offered;
import io.concert.load.Processes;
import io.concert.load.Spread;
import io.concert.load.Verdicts;
import io.concert.load.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What one node does with more than it can serve: polls, seat lists and holds come at their own
 * pace, whether they are answered or not. First the best rate that it can serve is looked for; then
 * once, twice and three times as much is offered, in turns. What counts is answered within a second
 * with what was asked for. At last 1,000 connections send a byte a second each, beside half of the
 * best rate, and in turns they don't.
 *
 * <p>Where there are two processors the node has one of its own, and clients and database the
 * other: else clients that offer three times as much would take from the node what it serves with.
 *
 * <p>{@code mvn -q -DskipTests package exec:java@run -Drun=overload}; an argument {@code
 * OVERLOAD_DELAY_MILLIS=0} is a setting of the node.
 */
public final class OverloadBench {
  private static final int SEATS = 10_000;
  private static final int INSIDE = 1_000;
  private static final int WAITING = 5_000;
  private static final long PRICE = 99_000;
  private static final int ROUNDS = 3;
  private static final double ROUND_SECONDS = 6;
  private static final double LOOK_SECONDS = 3;
  private static final double FIRST_RATE = 500;
  private static final int WARM_UPS = 8;

  /** Of what is offered, answered well: so much is served, not only survived. */
  private static final double SERVED = 0.98;

  private static final int TRICKLES = 1_000;

  private final Clients clients;
  private final ServiceProcess node;

  private OverloadBench(Clients clients, ServiceProcess node) {
    this.clients = clients;
    this.node = node;
  }

  /**
   * @param cpuMicros that the node used
   */
  private record Round(Offered offered, double cpuMicros) {
    double cpuMicrosEach() {
      return cpuMicros / Math.max(1, offered.good());
    }

    /**
     * What is left of the processor time for each refusal.
     *
     * @param each what an answer costs
     */
    double cpuMicrosRefused(double each) {
      return (cpuMicros - offered.good() * each) / Math.max(1, offered.refused());
    }
  }

  private Round offer(double perSecond) {
    Duration before = Processes.cpu(node.pid());
    Offered offered = clients.offer(perSecond, ROUND_SECONDS);
    return new Round(offered, Processes.cpu(node.pid()).minus(before).toNanos() / 1e3);
  }

  public static void main(String[] arguments) {
    System.exit(bench(arguments));
  }

  private static int bench(String[] arguments) {
    Map<String, String> settings = new HashMap<>();
    settings.put("QUEUE_CAPACITY", Integer.toString(INSIDE));
    settings.put("QUEUE_SESSION_SECONDS", "3600");
    // A seat is free again before its turn comes once more.
    settings.put("HOLD_SECONDS", "2");
    settings.put("HOLD_LIMIT", "1000");
    settings.put("RATE_LIMITS", "off");
    settings.put("LOG_LEVEL", "error");
    settings.put("OVERLOAD_DELAY_MILLIS", "200");
    for (String argument : arguments) {
      String[] setting = argument.split("=", 2);
      settings.put(setting[0], setting[1]);
    }
    try (TestService service = new TestService(settings)) {
      Processors.pin(DatabaseProcesses.server(service.database()), Processors.CLIENTS);
      ServiceProcess node = service.startNodeToMeasure();
      Processors.pin(node.pid(), Processors.NODE);
      try (Clients clients = Clients.start(node.port(), requests(service, node))) {
        Verdicts verdicts = new OverloadBench(clients, node).measure();
        service.assertInvariants();
        return verdicts.publish(
            "%,d people inside, %,d waiting, medians of %d rounds"
                .formatted(INSIDE, WAITING, ROUNDS));
      }
    }
  }

  private static Clients.Requests requests(TestService service, ServiceProcess node) {
    Sale sale = service.openSale(node, SEATS, PRICE);
    List<String> guests = WaitingUsers.guests(service.database(), INSIDE + WAITING);
    try (Wire wire = new Wire(node.port(), 64)) {
      List<String> inside = WaitingUsers.enter(wire, guests.subList(0, INSIDE));
      WaitingUsers.areLetIn(service.database(), INSIDE);
      List<String> waiting = WaitingUsers.enter(wire, guests.subList(INSIDE, guests.size()));
      return Clients.Requests.of(sale, SEATS, inside, waiting);
    }
  }

  private Verdicts measure() {
    for (int i = 0; i < WARM_UPS; i++) {
      show("warming up", clients.offer(FIRST_RATE * (1 + i / 2), LOOK_SECONDS));
    }
    double best = best();
    List<List<Round>> offered = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (int round = 0; round < ROUNDS; round++) {
      for (int times = 1; times <= offered.size(); times++) {
        Round one = offer(times * best);
        show(times + " times", one.offered());
        offered.get(times - 1).add(one);
        rest();
      }
    }
    List<Offered> alone = new ArrayList<>();
    List<Offered> beside = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      alone.add(clients.offer(best / 2, ROUND_SECONDS));
      show("without trickles", alone.get(round));
      beside.add(clients.offerBesideTrickles(best / 2, ROUND_SECONDS, TRICKLES));
      show("beside trickles", beside.get(round));
    }
    return verdicts(offered, alone, beside);
  }

  /** Grows until it isn't served any more, then halves the step. */
  private double best() {
    double rate = FIRST_RATE;
    while (!isServed(rate)) {
      rate /= 2;
    }
    double step = 2;
    while (step > 1.08) {
      if (isServed(rate * step)) {
        rate *= step;
      } else {
        step = Math.sqrt(step);
      }
    }
    return rate;
  }

  private boolean isServed(double rate) {
    Offered one = clients.offer(rate, LOOK_SECONDS);
    show("looking", one);
    boolean served = one.good() >= SERVED * one.offered();
    if (!served) {
      rest();
    }
    return served;
  }

  /** What waits on both sides is gone. */
  private static void rest() {
    letPass(Duration.ofSeconds(2));
  }

  private static Verdicts verdicts(
      List<List<Round>> rounds, List<Offered> alone, List<Offered> beside) {
    Verdicts verdicts = new Verdicts();
    Spread best = Spread.of(offered(rounds.get(0)), Offered::goodPerSecond);
    Spread each = Spread.of(rounds.get(0), Round::cpuMicrosEach);
    verdicts.given("an answer, processor time of the node", each, "µs");
    for (int i = 0; i < rounds.size(); i++) {
      List<Offered> offered = offered(rounds.get(i));
      String what = (i + 1) + " times the best rate: ";
      verdicts.given(what + "offered", Spread.of(offered, Offered::perSecond), "/s");
      verdicts.given(what + "served", Spread.of(offered, Offered::goodPerSecond), "/s");
      verdicts.given(
          what + "refused", Spread.of(offered, it -> 100.0 * it.refused() / it.offered()), "%");
      verdicts.given(
          what + "too late", Spread.of(offered, it -> 100.0 * it.late() / it.offered()), "%");
      verdicts.given(
          what + "without a connection to ask on",
          Spread.of(offered, it -> 100.0 * it.unsent() / it.offered()),
          "%");
      verdicts.given(what + "served, p99", Spread.of(offered, Offered::p99Millis), "ms");
      verdicts.given(what + "refused, p99", Spread.of(offered, Offered::refusedP99Millis), "ms");
      verdicts.counted(
          what + "without Retry-After", offered.stream().mapToInt(Offered::mute).sum(), "");
      if (i > 0) {
        verdicts.given(
            what + "a refusal, of an answer's processor time",
            Spread.of(rounds.get(i), it -> it.cpuMicrosRefused(each.median())).percentOf(each),
            "%");
        Spread kept = Spread.of(offered, Offered::goodPerSecond).percentOf(best);
        verdicts.atLeast(what + "of the best", kept, 90, "%");
      }
    }
    Spread before = Spread.of(alone, Offered::p99Millis);
    Spread with = Spread.of(beside, Offered::p99Millis);
    verdicts.given("half of the best rate, p99", before, "ms");
    verdicts.given("beside %,d trickles, p99".formatted(TRICKLES), with, "ms");
    verdicts.atMost("p99 beside trickles", with.percentOf(before), 200, "%");
    return verdicts;
  }

  private static List<Offered> offered(List<Round> rounds) {
    return rounds.stream().map(Round::offered).toList();
  }

  private static void show(String what, Offered one) {
    System.out.printf(
        "%s: offered %,.0f/s, served %,.0f/s, refused %,d, late %,d, unsent %,d, other %,d, p50 %.1f"
            + " ms, p99 %.1f ms%n",
        what,
        one.perSecond(),
        one.goodPerSecond(),
        one.refused(),
        one.late(),
        one.unsent(),
        one.other(),
        one.p50Millis(),
        one.p99Millis());
  }
}
