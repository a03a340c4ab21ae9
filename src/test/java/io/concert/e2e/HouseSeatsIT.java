package io.concert.e2e;

import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.concert.e2e.TestService.Sale;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an operator does with seats at one node is so at the other within a second. */
class HouseSeatsIT {
  private static final long PRICE = 99_000;
  private static final Duration A_SECOND = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static TestService service;
  private static ServiceProcess first;
  private static ServiceProcess second;

  private Sale sale;
  private String path;

  @BeforeAll
  static void start() {
    service = new TestService(Map.of());
    first = service.startNode();
    second = service.startNode();
  }

  @AfterAll
  static void stop() {
    if (service != null) {
      service.close();
    }
  }

  @BeforeEach
  void openSale() {
    sale = service.openSale(first, 6, PRICE);
    path = "/api/v1/admin/schedules/" + sale.scheduleId();
  }

  @AfterEach
  void booksAreRight() {
    service.assertInvariants();
  }

  private static void isSoon(String what, BooleanSupplier so) {
    long began = System.nanoTime();
    until(what, PATIENCE, so);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).as(what).isLessThan(A_SECOND);
  }

  private JsonNode states(ServiceProcess node) {
    return node.api()
        .get(path + "/seats", TestService.ADMIN_TOKEN)
        .mustBe(200)
        .body()
        .path("states");
  }

  private static Answer post(ServiceProcess node, String where, Map<String, Object> body) {
    return node.api().post(where, TestService.ADMIN_TOKEN, body);
  }

  private JsonNode overview() {
    for (JsonNode date :
        second
            .api()
            .get("/api/v1/admin/overview", TestService.ADMIN_TOKEN)
            .mustBe(200)
            .body()
            .path("schedules")) {
      if (date.path("scheduleId").asText().equals(sale.scheduleId())) {
        return date;
      }
    }
    throw new AssertionError("no such date");
  }

  /** By whichever node counts at the moment. */
  private boolean isCounted(String state, int count) {
    String line = "seats{schedule=\"%s\",state=\"%s\"".formatted(sale.scheduleId(), state);
    return List.of(first, second).stream()
        .flatMap(node -> metrics(node).lines())
        .anyMatch(text -> text.startsWith(line) && text.endsWith(" " + count + ".0"));
  }

  private static String metrics(ServiceProcess node) {
    URI uri = URI.create("http://127.0.0.1:" + node.port() + "/metrics");
    try {
      return HttpClient.newHttpClient()
          .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Test
  void blockedSeatIsNotForSaleAtAnyNodeUntilItIsReleased() {
    Buyer buyer = Buyer.guest(second.api()).isAdmitted();
    assertThat(states(second).get(0).asInt()).isZero();
    Map<String, Object> choice =
        Map.of("section", "A", "row", "1", "from", "1", "to", "2", "note", "Press");
    post(first, path + "/blocks", choice).mustBe(200);
    isSoon("not for sale at the other node", () -> states(second).get(1).asInt() == 3);

    assertThat(buyer.freeSeats(sale.scheduleId())).hasSize(4).doesNotContain(sale.seatId(1));
    Answer refused = buyer.holds(sale.scheduleId(), sale.seatId(1)).mustBe(200);
    assertThat(refused.body().path("isReserved").asBoolean()).isFalse();
    assertThat(refused.text("reason")).isEqualTo("NOT_ON_SALE");
    until("counted", PATIENCE, () -> overview().path("notForSale").asInt() == 2);
    assertThat(overview().path("free").asInt()).isEqualTo(4);
    until("in the metrics", PATIENCE, () -> isCounted("not_for_sale", 2));

    post(first, path + "/blocks/release", Map.of("section", "A")).mustBe(200);
    isSoon("free at the other node", () -> states(second).get(1).asInt() == 0);
    buyer.buys(sale.scheduleId(), sale.seatId(1));
    post(second, path + "/blocks", Map.of("section", "A")).mustBeProblem(409, "SEAT_TAKEN");
  }

  @Test
  void endedHoldIsFreeAtAnyNodeAndItsHolderHearsOfIt() {
    Buyer holder = Buyer.guest(second.api()).isAdmitted();
    holder.charges(PRICE).mustBe(200);
    holder.holds(sale.scheduleId(), sale.seatId(3)).mustBe(200);
    String seat = path + "/seats/" + sale.seatId(3);
    Answer held = first.api().get(seat, TestService.ADMIN_TOKEN).mustBe(200);
    assertThat(held.body().path("hold").path("userNumber").isNumber()).isTrue();

    String hold = path + "/holds/" + sale.seatId(3);
    first.api().send("DELETE", hold, TestService.ADMIN_TOKEN, null).mustBe(204);
    isSoon("free at the other node", () -> states(second).get(3).asInt() == 0);
    holder.pays(sale.scheduleId(), sale.seatId(3), PRICE).mustBeProblem(403, "HOLD_EXPIRED");
    assertThat(holder.balance()).isEqualTo(PRICE);
    first.api().send("DELETE", hold, TestService.ADMIN_TOKEN, null).mustBeProblem(404, "NOT_FOUND");
    Buyer other = Buyer.guest(second.api()).isAdmitted();
    other.buys(sale.scheduleId(), sale.seatId(3));
    JsonNode entry =
        first
            .api()
            .get("/api/v1/admin/audit?limit=1", TestService.ADMIN_TOKEN)
            .mustBe(200)
            .body()
            .path("items")
            .path(0);
    assertThat(entry.path("action").asText()).isEqualTo("hold.end");
    assertThat(entry.path("detail").path("user"))
        .isEqualTo(held.body().path("hold").path("userNumber"));
    assertThat(entry.toString()).doesNotContain(holder.uuid());
  }
}
