package io.concert.e2e;

import io.concert.e2e.ClosedLoop.Round;
import io.concert.load.Spread;
import io.concert.load.Verdicts;
import io.concert.load.Wire;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Polls a second that one node answers, beside those of a {@link BareServer} that verifies the same
 * tokens and sends the same bytes, in turns. A closed loop on the same machine, so the client's
 * share of the processors is in both figures; it is printed, and so is the ratio of what the
 * servers themselves use, where the client plays no part.
 *
 * <p>{@code mvn -q -DskipTests package exec:java@run -Drun=poll}
 */
public final class PollBench {
  private static final int USERS = 10_000;
  private static final int CONNECTIONS = 64;
  private static final int ROUNDS = 7;
  private static final Duration WARM_UP = Duration.ofSeconds(10);
  private static final Duration ROUND = Duration.ofSeconds(5);

  /** Four a second, and one more as a look may fall on each end of a round. */
  private static final double MOST_ASKED = 4 + 1.0 / ROUND.toSeconds();

  private PollBench() {}

  public static void main(String[] arguments) {
    System.exit(run());
  }

  private static int run() {
    Map<String, String> settings =
        Map.of(
            "QUEUE_CAPACITY", "1",
            "RATE_LIMITS", "off",
            "LOG_LEVEL", "warn",
            "JWT_KEYS", BareProcess.SIGNING_KEY);
    try (TestService service = new TestService(settings)) {
      ServiceProcess node = service.startNodeToMeasure();
      List<String> guests = WaitingUsers.guests(service.database(), USERS);
      List<byte[]> polls;
      try (Wire wire = new Wire(node.port(), CONNECTIONS)) {
        polls = WaitingUsers.enter(wire, guests).stream().map(WaitingUsers::poll).toList();
      }
      try (BareProcess bare = BareProcess.start(sample(node, polls))) {
        return measure(node, polls, bare.port(), bare.pid());
      }
    }
  }

  private static int measure(ServiceProcess node, List<byte[]> polls, int barePort, long barePid) {
    List<Round> own = new ArrayList<>();
    List<Round> bare = new ArrayList<>();
    round(node.port(), node.pid(), polls, WARM_UP);
    round(barePort, barePid, polls, WARM_UP);
    List<Double> asked = new ArrayList<>();
    for (int i = 1; i <= ROUNDS; i++) {
      double before = askedOfTheRoom(node);
      own.add(round(node.port(), node.pid(), polls, ROUND));
      asked.add((askedOfTheRoom(node) - before) / own.get(i - 1).seconds());
      bare.add(round(barePort, barePid, polls, ROUND));
      System.out.printf(
          "round %d: service %,.0f/s, bare %,.0f/s%n",
          i, own.get(i - 1).perSecond(), bare.get(i - 1).perSecond());
    }
    Verdicts verdicts = new Verdicts();
    Spread rate = Spread.of(own, Round::perSecond);
    Spread bareRate = Spread.of(bare, Round::perSecond);
    Spread cpu = Spread.of(own, Round::serverMicros);
    Spread bareCpu = Spread.of(bare, Round::serverMicros);
    verdicts.given("service", rate, "polls/s");
    verdicts.given("bare server", bareRate, "polls/s");
    verdicts.atLeast("service of bare", rate.percentOf(bareRate), 60, "%");
    verdicts.given("service, processor time", cpu, "µs a poll");
    verdicts.given("bare server, processor time", bareCpu, "µs a poll");
    verdicts.atLeast(
        "service of bare, by processor time", 100 * bareCpu.median() / cpu.median(), 60, "%");
    verdicts.atMost(
        "asked of the room's owner, most in a round", Collections.max(asked), MOST_ASKED, "/s");
    verdicts.given("client, processor time", Spread.of(bare, Round::clientMicros), "µs a poll");
    verdicts.given("service, p50", Spread.of(own, r -> r.times().millis(0.5)), "ms");
    verdicts.given("service, p99", Spread.of(own, r -> r.times().millis(0.99)), "ms");
    verdicts.given("bare server, p99", Spread.of(bare, r -> r.times().millis(0.99)), "ms");
    return verdicts.publish(
        "%,d waiting, %d connections, medians of %d rounds".formatted(USERS, CONNECTIONS, ROUNDS));
  }

  /** Looks at the room, four a second at most, and polls that no look can answer. */
  private static double askedOfTheRoom(ServiceProcess node) {
    return NodeMetrics.sum(node, "queue_looks_total")
        + NodeMetrics.sum(node, "queue_polls_total{answered_by=\"room\"");
  }

  private static Round round(int port, long pid, List<byte[]> polls, Duration length) {
    return ClosedLoop.run(port, pid, CONNECTIONS, polls, 202, length);
  }

  /** One whole answer of the service, for the bare server to copy. */
  private static JsonObject sample(ServiceProcess node, List<byte[]> polls) {
    String request = new String(polls.get(polls.size() / 2), StandardCharsets.US_ASCII);
    String jwt = request.replaceAll("(?s).*Bearer ([^\r]+)\r.*", "$1");
    return BareProcess.sample(node, "POST", "/api/v1/users/queueEntity", jwt, Map.of());
  }
}
