package io.concert.e2e;

import static io.concert.Patience.letPass;

import io.concert.e2e.ClosedLoop.Round;
import io.concert.e2e.TestService.Sale;
import io.concert.load.Spread;
import io.concert.load.Verdicts;
import io.concert.load.Wire;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Lists of free seats a second that one node sends while 500 holds a second change them, beside a
 * {@link BareServer} that verifies the same tokens and sends the same compressed bytes; and how
 * often it says that nothing has changed, which is measured while nothing does.
 *
 * <p>{@code mvn -q -DskipTests package exec:java@run -Drun=seats}
 */
public final class SeatListBench {
  private static final int[] SEATS = {10_000, 50_000};
  private static final int HOLDS_PER_SECOND = 500;
  private static final int PEOPLE = 1_000;
  private static final int CONNECTIONS = 64;
  private static final int ROUNDS = 5;
  private static final Duration WARM_UP = Duration.ofSeconds(8);
  private static final Duration ROUND = Duration.ofSeconds(5);
  private static final long PRICE = 99_000;

  private final TestService service;
  private final ServiceProcess node;
  private final List<String> tokens;
  private final Holders holders;
  private final Verdicts verdicts = new Verdicts();

  private SeatListBench(TestService service, ServiceProcess node, List<String> tokens) {
    this.service = service;
    this.node = node;
    this.tokens = tokens;
    this.holders = new Holders(node.port(), tokens);
  }

  public static void main(String[] arguments) throws InterruptedException {
    System.exit(bench());
  }

  private static int bench() throws InterruptedException {
    Map<String, String> settings = new HashMap<>(WaitingUsers.settings(2 * PEOPLE));
    settings.put("JWT_KEYS", BareProcess.SIGNING_KEY);
    try (TestService service = new TestService(settings)) {
      ServiceProcess node = service.startNodeToMeasure();
      SeatListBench bench = new SeatListBench(service, node, admitted(service, node));
      for (int seats : SEATS) {
        bench.measure(seats);
      }
      service.assertInvariants();
      return bench.verdicts.publish(
          "%d holds/s, %d connections, medians of %d rounds"
              .formatted(HOLDS_PER_SECOND, CONNECTIONS, ROUNDS));
    }
  }

  private static List<String> admitted(TestService service, ServiceProcess node) {
    List<String> guests = WaitingUsers.guests(service.database(), PEOPLE);
    try (Wire wire = new Wire(node.port(), CONNECTIONS)) {
      List<String> tokens = WaitingUsers.enter(wire, guests);
      WaitingUsers.areLetIn(service.database(), PEOPLE);
      return tokens;
    }
  }

  private void measure(int seats) throws InterruptedException {
    Sale warmUp = service.openSale(node, seats, PRICE);
    whileHeld(warmUp, WARM_UP, () -> lists(warmUp, WARM_UP));
    letPass(Duration.ofSeconds(1)); // Until the last holds are shown, and nothing changes any more.
    JsonObject list = sample(warmUp, Map.of("Accept-Encoding", "gzip"));
    JsonObject unchanged =
        sample(
            warmUp,
            Map.of(
                "Accept-Encoding",
                "gzip",
                "If-None-Match",
                list.getJsonObject("headers").getString("etag")));
    String tag = "If-None-Match: " + list.getJsonObject("headers").getString("etag") + "\r\n";
    List<Round> own = new ArrayList<>();
    List<Round> bare = new ArrayList<>();
    try (BareProcess bareLists = BareProcess.start(list)) {
      bare(bareLists, warmUp, 200, WARM_UP);
      for (int i = 0; i < ROUNDS; i++) {
        Sale sale = service.openSale(node, seats, PRICE);
        own.add(whileHeld(sale, ROUND, () -> lists(sale, ROUND)));
        bare.add(bare(bareLists, sale, 200, ROUND));
      }
    }
    String name = "%,d seats: lists".formatted(seats);
    verdicts.counted(name + ", bytes", list.getBinary("body").length, "");
    compare(name, own, bare, 60);
    own.clear();
    bare.clear();
    try (BareProcess bareUnchanged = BareProcess.start(unchanged)) {
      bare(bareUnchanged, warmUp, 304, WARM_UP);
      asked(node.port(), node.pid(), requests(warmUp, tag), 304, WARM_UP);
      for (int i = 0; i < ROUNDS; i++) {
        own.add(asked(node.port(), node.pid(), requests(warmUp, tag), 304, ROUND));
        bare.add(bare(bareUnchanged, warmUp, 304, ROUND));
      }
    }
    compare("%,d seats: 304s".formatted(seats), own, bare, 80);
  }

  private void compare(String name, List<Round> own, List<Round> bare, double limit) {
    Spread mine = Spread.of(own, Round::perSecond);
    Spread least = Spread.of(bare, Round::perSecond);
    verdicts.given(name, mine, "/s");
    verdicts.given(name + ", bare server", least, "/s");
    verdicts.atLeast(name + ", service of bare", mine.percentOf(least), limit, "%");
    verdicts.given(name + ", p99", Spread.of(own, r -> r.times().millis(0.99)), "ms");
  }

  private interface RoomSnapshot {
    Round run();
  }

  private Round whileHeld(Sale sale, Duration length, RoomSnapshot reading)
      throws InterruptedException {
    Thread holding = holders.begin(sale, HOLDS_PER_SECOND, length);
    Round round = reading.run();
    holding.join();
    return round;
  }

  private Round lists(Sale sale, Duration length) {
    return asked(node.port(), node.pid(), requests(sale, ""), 200, length);
  }

  private Round bare(BareProcess server, Sale sale, int status, Duration length) {
    return asked(server.port(), server.pid(), requests(sale, ""), status, length);
  }

  private static Round asked(
      int port, long pid, List<byte[]> requests, int status, Duration length) {
    return ClosedLoop.run(port, pid, CONNECTIONS, requests, status, length);
  }

  private List<byte[]> requests(Sale sale, String headers) {
    return tokens.stream()
        .map(
            token ->
                ("GET "
                        + path(sale)
                        + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n"
                        + "Authorization: Bearer "
                        + token
                        + "\r\n"
                        + headers
                        + "\r\n")
                    .getBytes(StandardCharsets.US_ASCII))
        .toList();
  }

  private JsonObject sample(Sale sale, Map<String, String> headers) {
    return BareProcess.sample(node, "GET", path(sale), tokens.get(0), headers);
  }

  private static String path(Sale sale) {
    return "/api/v1/reservations/seats/" + sale.scheduleId();
  }
}
