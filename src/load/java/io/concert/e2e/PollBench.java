package io.concert.e2e;

import io.concert.load.JavaProcess;
import io.concert.load.Processes;
import io.concert.load.Times;
import io.concert.load.Verdicts;
import io.concert.load.Wire;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;

/**
 * Polls a second that one node answers, beside those of a {@link BareServer} that verifies the same
 * tokens and sends the same bytes, in turns. A closed loop on the same machine, so the client's
 * share of the processors is in both figures; it is printed, and so is the ratio of what the
 * servers themselves use, where the client plays no part.
 *
 * <p>{@code mvn -q -DskipTests package exec:exec@bench-poll}
 */
public final class PollBench {
  private static final int USERS = 10_000;
  private static final int CONNECTIONS = 64;
  private static final int ROUNDS = 7;
  private static final Duration WARM_UP = Duration.ofSeconds(10);
  private static final Duration ROUND = Duration.ofSeconds(5);
  private static final String KID = "bench";

  private PollBench() {}

  /** What one round showed. */
  private record Round(
      long polls, double seconds, double serverNanos, double clientNanos, Times times) {
    double perSecond() {
      return polls / seconds;
    }

    double serverMicros() {
      return serverNanos / polls / 1e3;
    }

    double clientMicros() {
      return clientNanos / polls / 1e3;
    }
  }

  public static void main(String[] arguments) {
    byte[] secret = new byte[32];
    new Random(1).nextBytes(secret);
    String key = Base64.getEncoder().encodeToString(secret);
    Map<String, String> settings =
        Map.of(
            "QUEUE_CAPACITY", "1",
            "RATE_LIMITS", "off",
            "LOG_LEVEL", "warn",
            "JWT_KEYS", KID + ":" + key);
    try (TestService service = new TestService(settings)) {
      ServiceProcess node = service.startNode();
      List<String> guests = WaitingUsers.guests(service.database(), USERS);
      List<byte[]> polls;
      try (Wire wire = new Wire(node.port(), CONNECTIONS)) {
        polls = WaitingUsers.enter(wire, guests).stream().map(WaitingUsers::poll).toList();
      }
      int barePort = ServiceProcess.freePort();
      try (JavaProcess bare = bare(barePort, secret, sample(node, polls))) {
        measure(node, polls, barePort, bare.pid());
      }
    }
    System.exit(0);
  }

  private static void measure(ServiceProcess node, List<byte[]> polls, int barePort, long barePid) {
    ServiceProcess.await("the bare server", Duration.ofSeconds(10), () -> listens(barePort));
    List<Round> own = new ArrayList<>();
    List<Round> bare = new ArrayList<>();
    round(node.port(), node.pid(), polls, WARM_UP);
    round(barePort, barePid, polls, WARM_UP);
    for (int i = 1; i <= ROUNDS; i++) {
      own.add(round(node.port(), node.pid(), polls, ROUND));
      bare.add(round(barePort, barePid, polls, ROUND));
      System.out.printf(
          "round %d: service %,.0f/s, bare %,.0f/s%n",
          i, own.get(i - 1).perSecond(), bare.get(i - 1).perSecond());
    }
    Verdicts verdicts = new Verdicts();
    double ratio = median(own, Round::perSecond) / median(bare, Round::perSecond);
    double cpuRatio = median(bare, Round::serverMicros) / median(own, Round::serverMicros);
    verdicts.given("service", median(own, Round::perSecond), "polls/s");
    verdicts.given("bare server", median(bare, Round::perSecond), "polls/s");
    verdicts.atLeast("service of bare", 100 * ratio, 60, "%");
    verdicts.given("service, processor time", median(own, Round::serverMicros), "µs a poll");
    verdicts.given("bare server, processor time", median(bare, Round::serverMicros), "µs a poll");
    verdicts.atLeast("service of bare, by processor time", 100 * cpuRatio, 60, "%");
    verdicts.given("client, processor time", median(bare, Round::clientMicros), "µs a poll");
    verdicts.given("service, p50", median(own, r -> r.times().millis(0.5)), "ms");
    verdicts.given("service, p99", median(own, r -> r.times().millis(0.99)), "ms");
    verdicts.given("bare server, p99", median(bare, r -> r.times().millis(0.99)), "ms");
    System.out.printf(
        "%n%,d waiting, %d connections, medians of %d rounds%n%s",
        USERS, CONNECTIONS, ROUNDS, verdicts);
  }

  private static double median(List<Round> rounds, ToDoubleFunction<Round> figure) {
    return rounds.stream().mapToDouble(figure).sorted().toArray()[rounds.size() / 2];
  }

  /** Each connection asks again as soon as it is answered. */
  private static Round round(int port, long pid, List<byte[]> polls, Duration length) {
    try (Wire wire = new Wire(port, CONNECTIONS)) {
      Loop loop = new Loop(wire, polls, System.nanoTime() + length.toNanos());
      double server = Processes.cpu(pid).toNanos();
      double client = threadNanos();
      long began = System.nanoTime();
      for (int i = 0; i < CONNECTIONS; i++) {
        loop.ask();
      }
      wire.finish();
      return new Round(
          loop.times.count(),
          (System.nanoTime() - began) / 1e9,
          Processes.cpu(pid).toNanos() - server,
          threadNanos() - client,
          loop.times);
    }
  }

  private static long threadNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static final class Loop {
    private final Wire wire;
    private final List<byte[]> polls;
    private final long end;
    private final Times times = new Times();
    private int next;

    Loop(Wire wire, List<byte[]> polls, long end) {
      this.wire = wire;
      this.polls = polls;
      this.end = end;
    }

    void ask() {
      long asked = System.nanoTime();
      next = (next + 1) % polls.size();
      wire.ask(
          polls.get(next),
          (status, bytes, from, to) -> {
            if (status != 202) {
              throw new AssertionError("a poll was answered " + status);
            }
            long now = System.nanoTime();
            times.add(now - asked);
            if (now < end) {
              ask();
            }
          });
    }
  }

  /** One whole answer of the service, for the bare server to copy. */
  private static JsonObject sample(ServiceProcess node, List<byte[]> polls) {
    String request = new String(polls.get(polls.size() / 2), StandardCharsets.US_ASCII);
    String jwt = request.replaceAll("(?s).*Bearer ([^\r]+)\r.*", "$1");
    Answer answer = node.api().send("POST", "/api/v1/users/queueEntity", jwt, null).mustBe(202);
    JsonObject headers = new JsonObject();
    answer
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              if (!name.equals("content-length")) {
                headers.put(name, values.get(0));
              }
            });
    return new JsonObject()
        .put("jwt", jwt)
        .put("headers", headers)
        .put("body", answer.body().toString());
  }

  private static JavaProcess bare(int port, byte[] secret, JsonObject sample) {
    return JavaProcess.start(
        BareServer.class,
        List.of("-Xmx512m"),
        List.of(
            Integer.toString(port),
            KID,
            Base64.getUrlEncoder().withoutPadding().encodeToString(secret),
            Base64.getEncoder().encodeToString(sample.encode().getBytes(StandardCharsets.UTF_8))));
  }

  private static boolean listens(int port) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }
}
