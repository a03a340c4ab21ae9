package io.concert.e2e;

import io.concert.e2e.TestService.Sale;
import io.concert.load.Spread;
import io.concert.load.Times;
import io.concert.load.Verdicts;
import io.concert.load.Wire;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Ten thousand people who have been let in want the same hundred seats: each tries any of them
 * again and again, in an open loop. Who is refused should hear so from memory: how many of the
 * attempts did the database see?
 *
 * <p>{@code mvn -q -DskipTests package exec:java@run -Drun=fight}
 */
public final class FightBench {
  private static final int PEOPLE = 10_000;
  private static final int SEATS = 100;
  private static final int ATTEMPTS_PER_SECOND = 4_000;
  private static final int SECONDS = 10;
  private static final int SALES = 4;
  private static final int CONNECTIONS = 256;
  private static final long PRICE = 99_000;

  private final TestService service;
  private final ServiceProcess node;
  private final List<String> tokens;
  private final Random random = new Random(1);

  private FightBench(TestService service, ServiceProcess node, List<String> tokens) {
    this.service = service;
    this.node = node;
    this.tokens = tokens;
  }

  /** One sale's figures. */
  private static final class Fight {
    final Times refusals = new Times();
    int given;
    int errors;
    double claims;
  }

  public static void main(String[] arguments) {
    System.exit(bench());
  }

  private static int bench() {
    try (TestService service = new TestService(WaitingUsers.settings(PEOPLE))) {
      ServiceProcess node = service.startNodeToMeasure();
      List<String> guests = WaitingUsers.guests(service.database(), PEOPLE);
      List<String> tokens;
      try (Wire wire = new Wire(node.port(), CONNECTIONS)) {
        tokens = WaitingUsers.enter(wire, guests);
        WaitingUsers.areLetIn(service.database(), PEOPLE);
      }
      FightBench bench = new FightBench(service, node, tokens);
      bench.fight();
      List<Fight> fights = new ArrayList<>();
      for (int i = 1; i < SALES; i++) {
        fights.add(bench.fight());
      }
      service.assertInvariants();
      return verdicts(fights)
          .publish(
              "%,d people, %,d attempts/s in each of %d sales"
                  .formatted(PEOPLE, ATTEMPTS_PER_SECOND, fights.size()));
    }
  }

  private static Verdicts verdicts(List<Fight> fights) {
    Verdicts verdicts = new Verdicts();
    verdicts.given("attempts", Spread.of(fights, it -> it.refusals.count() + it.given), "");
    verdicts.given("holds given, a holder's repeats too", Spread.of(fights, it -> it.given), "");
    verdicts.atMost(
        "claim commands the database saw, a seat",
        Spread.of(fights, it -> it.claims / SEATS),
        2,
        "");
    verdicts.given("refused, p50", Spread.of(fights, it -> it.refusals.millis(0.5)), "ms");
    verdicts.atMost("refused, p99", Spread.of(fights, it -> it.refusals.millis(0.99)), 100, "ms");
    verdicts.none("errors", fights.stream().mapToLong(it -> it.errors).sum());
    return verdicts;
  }

  private Fight fight() {
    Sale sale = service.openSale(node, SEATS, PRICE);
    Fight fight = new Fight();
    double before = claims();
    try (Wire wire = new Wire(node.port(), CONNECTIONS)) {
      long began = System.nanoTime();
      int[] begun = {0};
      int all = ATTEMPTS_PER_SECOND * SECONDS;
      wire.run(
          () -> begun[0] == all && wire.open() == 0,
          () -> {
            double due = (System.nanoTime() - began) / 1e9 * ATTEMPTS_PER_SECOND;
            for (; begun[0] < Math.min(due, all); begun[0]++) {
              attempt(wire, sale, fight);
            }
          });
    }
    fight.claims = claims() - before;
    return fight;
  }

  private void attempt(Wire wire, Sale sale, Fight fight) {
    String token = tokens.get(random.nextInt(PEOPLE));
    String body =
        "{\"scheduleId\":\"%s\",\"seatId\":\"%s\"}"
            .formatted(sale.scheduleId(), sale.seatId(random.nextInt(SEATS)));
    long asked = System.nanoTime();
    wire.ask(
        WaitingUsers.post(
            "/api/v1/reservations/seats", "Authorization: Bearer " + token + "\r\n", body),
        (status, bytes, from, to) -> {
          String answer = new String(bytes, from, to - from, StandardCharsets.UTF_8);
          if (status == 200 && answer.contains("\"isReserved\":true")) {
            fight.given++;
          } else if (status == 200) {
            fight.refusals.add(System.nanoTime() - asked);
          } else {
            fight.errors++;
          }
        });
  }

  /** How many holds have travelled to the database so far. */
  private double claims() {
    return NodeMetrics.sum(node, "batch_size_sum{commands=\"hold\"");
  }
}
