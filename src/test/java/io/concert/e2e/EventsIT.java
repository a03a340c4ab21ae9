package io.concert.e2e;

import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.concert.e2e.TestService.Sale;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What two nodes tell another program, also when the one that delivers is killed. */
class EventsIT {
  private static final long PRICE = 50_000;

  /** A lease, and a look after it, on a busy machine. */
  private static final Duration TAKEN_OVER = Duration.ofSeconds(15);

  private final List<JsonNode> received = new CopyOnWriteArrayList<>();
  private TestService service;
  private HttpServer receiver;

  @BeforeEach
  void start() throws IOException {
    service =
        new TestService(
            Map.of(
                "WEBHOOK_HOSTS", "127.0.0.1", "HOLD_SECONDS", "2", "QUEUE_REENTRY_SECONDS", "0"));
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/",
        exchange -> {
          new ObjectMapper()
              .readTree(exchange.getRequestBody())
              .get("events")
              .forEach(received::add);
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    receiver.start();
  }

  @AfterEach
  void stop() {
    receiver.stop(0);
    service.assertInvariants();
    service.close();
  }

  private List<String> received(String kind) {
    return received.stream()
        .filter(event -> event.get("kind").asText().equals(kind))
        .map(event -> event.path("billId").asText() + " " + event.path("seatId").asText())
        .toList();
  }

  private static String sold(Answer bill) {
    return bill.text("billId") + " " + bill.text("seatId");
  }

  @Test
  void anotherNodeTellsOfWhatHappensAfterTheFirstWasKilled() {
    ServiceProcess first = service.startNode();
    Sale sale = service.openSale(first, 8, PRICE);
    first
        .api()
        .post(
            "/api/v1/admin/webhooks",
            TestService.ADMIN_TOKEN,
            Map.of("url", "http://127.0.0.1:" + receiver.getAddress().getPort() + "/"))
        .mustBe(201);
    List<String> bills = new ArrayList<>();
    bills.add(sold(Buyer.guest(first.api()).isAdmitted().buys(sale.scheduleId(), sale.seatId(0))));
    until("told", TAKEN_OVER, () -> received("sold").size() == 1);
    ServiceProcess second = service.startNode();
    bills.add(sold(Buyer.guest(second.api()).isAdmitted().buys(sale.scheduleId(), sale.seatId(1))));

    first.kill();
    Buyer next = Buyer.guest(second.api()).isAdmittedAfterAFault();
    bills.add(sold(next.buys(sale.scheduleId(), sale.seatId(2))));
    long killed = System.nanoTime();
    until("the other tells", TAKEN_OVER, () -> received("sold").size() >= 3);
    System.out.printf("told %d ms after the sale%n", (System.nanoTime() - killed) / 1_000_000);

    Buyer late = Buyer.guest(second.api()).isAdmitted();
    late.holds(sale.scheduleId(), sale.seatId(3)).mustBe(200);
    until("the hold expires", TAKEN_OVER, () -> received("hold_expired").size() == 1);
    assertThat(received("hold_expired").get(0)).endsWith(sale.seatId(3));
    second
        .api()
        .post(
            "/api/v1/admin/schedules/" + sale.scheduleId() + "/cancel",
            TestService.ADMIN_TOKEN,
            Map.of())
        .mustBe(200);
    until("all are refunded", TAKEN_OVER, () -> received("refunded").size() >= 3);

    assertThat(received("sold").stream().distinct()).containsExactlyElementsOf(bills);
    assertThat(received("refunded").stream().distinct()).containsExactlyInAnyOrderElementsOf(bills);
    assertThat(received("cancelled")).hasSize(1);
    List<String> pulled = new ArrayList<>();
    second
        .api()
        .get("/api/v1/admin/events", TestService.ADMIN_TOKEN)
        .mustBe(200)
        .body()
        .get("items")
        .forEach(event -> pulled.add(event.toString()));
    assertThat(
            received.stream()
                .filter(event -> event.has("scheduleId"))
                .map(JsonNode::toString)
                .distinct())
        .as("the same that can be fetched")
        .containsExactlyElementsOf(
            pulled.stream().filter(event -> event.contains("scheduleId")).toList());
    assertThat(received.toString()).doesNotContain(late.uuid(), next.uuid());
  }
}
