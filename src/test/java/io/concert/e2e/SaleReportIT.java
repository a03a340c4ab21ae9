package io.concert.e2e;

import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.concert.e2e.TestService.Sale;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A small sale, played to the end, and what its report says after everything was started anew. */
class SaleReportIT {
  private static final long PRICE = 1_000;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static TestService service;

  @BeforeAll
  static void start() {
    service = new TestService(Map.of("QUEUE_CAPACITY", "2", "HOLD_SECONDS", "6"));
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void reportSaysWhatHappenedAfterARestart() {
    ServiceProcess node = service.startNode();
    Sale sale = service.openSale(node, 5, PRICE);
    String date = sale.scheduleId();
    Buyer first = Buyer.guest(node.api()).isAdmitted();
    Buyer second = Buyer.guest(node.api()).isAdmitted();
    Buyer third = Buyer.guest(node.api());
    Buyer fourth = Buyer.guest(node.api());
    Buyer impatient = Buyer.guest(node.api());
    third.entersQueue().mustBe(201);
    fourth.entersQueue().mustBe(201);
    impatient.entersQueue().mustBe(201);
    impatient.leaves().mustBe(204);

    first.buys(date, sale.seatId(0)); // With it the session ends, and the third is let in.
    assertThat(second.holds(date, sale.seatId(0)).body().path("isReserved").asBoolean()).isFalse();
    second.holds(date, sale.seatId(1)).mustBe(200);
    node.api()
        .send(
            "DELETE",
            "/api/v1/reservations/seats/" + date + "/" + sale.seatId(1),
            second.token(),
            null)
        .mustBe(204);
    second.holds(date, sale.seatId(2)).mustBe(200);
    second.pays(date, sale.seatId(2), PRICE).mustBeProblem(402, "INSUFFICIENT_BALANCE");
    second.leaves().mustBe(204); // The held seat is free again, and the fourth is let in.

    third.isAdmitted().holds(date, sale.seatId(3)).mustBe(200);
    third.charges(PRICE).mustBe(200);
    until("the hold is over", PATIENCE, () -> third.freeSeats(date).contains(sale.seatId(3)));
    third.pays(date, sale.seatId(3), PRICE).mustBeProblem(403, "HOLD_EXPIRED");

    String bill = fourth.isAdmitted().buys(date, sale.seatId(4)).text("billId");
    fourth.pays(date, sale.seatId(4), PRICE).mustBe(201);
    seatsAreCounted(node, date, 2);
    node.api()
        .send("POST", "/api/v1/accounts/bills/" + bill + "/refund", fourth.token(), null)
        .mustBe(200);
    seatsAreCounted(node, date, 1);
    assertThat(node.terminate()).isZero();

    ServiceProcess later = service.startNode();
    JsonNode report = report(later, date, "");

    assertThat(report.path("people").toString())
        .isEqualTo(
            "{\"joined\":5,\"admitted\":4,\"abandoned\":1,\"waitingAtEnd\":0,\"bought\":2,"
                + "\"boughtOther\":0,\"idle\":0,\"leftWithout\":1,\"stillInside\":1,"
                + "\"conversion\":0.5}");
    assertThat(report.path("holds").toString())
        .isEqualTo(
            "{\"requests\":{\"granted\":5,\"seat_taken\":1},\"seatsHeld\":5,\"seatsExpired\":1,"
                + "\"seatsGivenBack\":2}");
    JsonNode payments = report.path("payments");
    assertThat(payments.path("requests").toString())
        .isEqualTo("{\"balance_too_small\":1,\"hold_expired\":1,\"paid\":2,\"repeated\":1}");
    assertThat(payments.path("bills").asInt()).isEqualTo(2);
    assertThat(payments.path("buyers").asInt()).isEqualTo(2);
    assertThat(payments.path("seatsPerBuyer").toString()).isEqualTo("[2]");
    assertThat(payments.path("won").asLong()).isEqualTo(2 * PRICE);
    assertThat(payments.path("refundedBills").asInt()).isEqualTo(1);
    assertThat(payments.path("refundedWon").asLong()).isEqualTo(PRICE);
    assertThat(payments.path("secondsFromHold").path("p90").asDouble()).isBetween(0.0, 6.0);
    JsonNode waits = report.path("waitSeconds");
    assertThat(waits.path("count").asInt()).isEqualTo(4);
    assertThat(waits.path("p50").asDouble()).isBetween(0.0, waits.path("p99").asDouble());
    assertThat(report.path("insideSeconds").path("count").asInt()).isEqualTo(3);
    seriesAddsUp(report);
    tableSaysTheSame(later, date, report);
    forecastTakesAfterIt(later, date);
    refuses(later, date);
  }

  private static void seatsAreCounted(ServiceProcess node, String date, int sold) {
    String gauge = "seats{schedule=\"%s\",state=\"sold\"} %d.0".formatted(date, sold);
    until("counted " + sold, PATIENCE, () -> node.api().text("/metrics").contains(gauge));
  }

  private static JsonNode report(ServiceProcess node, String date, String query) {
    return node.api()
        .get("/api/v1/admin/schedules/" + date + "/report" + query, TestService.ADMIN_TOKEN)
        .mustBe(200)
        .body();
  }

  private static void seriesAddsUp(JsonNode report) {
    assertThat(report.path("stepSeconds").asInt()).isEqualTo(10);
    JsonNode series = report.path("series");
    Map<String, Long> sums =
        Map.of(
            "joined",
            5L,
            "admitted",
            4L,
            "seatsHeld",
            5L,
            "seatsExpired",
            1L,
            "seatsGivenBack",
            2L,
            "paid",
            2L);
    sums.forEach((what, sum) -> assertThat(sum(series, what)).as(what).isEqualTo(sum));
    JsonNode last = series.path(series.size() - 1);
    // The last count is from before the refund or from after it.
    assertThat(last.path("sold").asInt()).isBetween(1, 2);
    assertThat(last.path("free").asInt()).isEqualTo(5 - last.path("sold").asInt());
    assertThat(last.path("held").asInt()).isZero();
    assertThat(last.path("capacity").asInt()).isEqualTo(2);
    assertThat(last.path("waiting").asInt()).isZero();
  }

  private static long sum(JsonNode series, String what) {
    long sum = 0;
    for (JsonNode point : series) {
      sum += point.path(what).asLong();
    }
    return sum;
  }

  private static void tableSaysTheSame(ServiceProcess node, String date, JsonNode report) {
    List<String> lines =
        node.api()
            .textAs("/api/v1/admin/schedules/" + date + "/report.csv", TestService.ADMIN_TOKEN)
            .lines()
            .toList();
    assertThat(lines).hasSize(report.path("series").size() + 1);
    assertThat(lines.get(0)).startsWith("at,free,held,sold,notForSale,waiting,active,capacity,");
    long paid = 0;
    int column = List.of(lines.get(0).split(",")).indexOf("paid");
    for (String line : lines.subList(1, lines.size())) {
      paid += Long.parseLong(line.split(",", -1)[column]);
    }
    assertThat(paid).isEqualTo(2);
  }

  /** What is too little to go by is as usual, and what is asked for is as asked for. */
  private static void forecastTakesAfterIt(ServiceProcess node, String date) {
    JsonNode told =
        node.api()
            .post(
                "/api/v1/admin/forecasts",
                TestService.ADMIN_TOKEN,
                Map.of("schedule", date, "people", 40))
            .mustBe(200)
            .body();
    JsonNode settings = told.path("settings");
    assertThat(settings.path("people").asInt()).isEqualTo(40);
    assertThat(settings.path("seats").asInt()).isEqualTo(5);
    assertThat(settings.path("capacity").asInt()).isEqualTo(2);
    assertThat(settings.path("seatsPerBuyer").toString()).isEqualTo("[2]");
    assertThat(settings.path("idlePercent").asInt()).isEqualTo(5);
    assertThat(told.path("observed").has("people")).isFalse();
    assertThat(told.path("observed").path("capacity").asInt()).isEqualTo(2);
    assertThat(told.path("forecast").path("sold").asInt()).isEqualTo(5);
  }

  private static void refuses(ServiceProcess node, String date) {
    String path = "/api/v1/admin/schedules/";
    String token = TestService.ADMIN_TOKEN;
    for (String unknown : List.of("s999", "x", "s-1")) {
      node.api().get(path + unknown + "/report", token).mustBeProblem(404, "NOT_FOUND");
      node.api().get(path + unknown + "/report.csv", token).mustBeProblem(404, "NOT_FOUND");
      node.api()
          .post("/api/v1/admin/forecasts", token, Map.of("schedule", unknown))
          .mustBeProblem(400, "MALFORMED");
    }
    for (String query :
        List.of(
            "from=yesterday",
            "to=2031-13-01T00:00:00Z",
            "from=2031-01-01T00:00:00Z&to=2031-01-01T00:00:00Z",
            "from=2031-01-02T00:00:00Z&to=2031-01-01T00:00:00Z",
            "from=2011-01-01T00:00:00Z&to=2031-01-01T00:00:00Z")) {
      node.api().get(path + date + "/report?" + query, token).mustBeProblem(400, "MALFORMED");
    }
    JsonNode before = report(node, date, "?from=2020-01-01T00:00:05Z&to=2020-01-01T00:00:11Z");
    assertThat(before.path("from").asText()).isEqualTo("2020-01-01T00:00:00.000Z");
    assertThat(before.path("to").asText()).isEqualTo("2020-01-01T00:00:20.000Z");
    assertThat(before.path("series")).hasSize(2);
    assertThat(before.path("people").path("admitted").asInt()).isZero();
    assertThat(before.path("waitSeconds").path("p50").isNull()).isTrue();
    assertThat(before.path("payments").path("bills").asInt()).isZero();
  }

  /** Of a date to whose sale nobody came there is a report, but no forecast. */
  @Test
  void aSaleToWhichNobodyCameHasAnEmptyReport() {
    ServiceProcess node = service.startNode();
    String date = service.openSale(node, 3, PRICE).scheduleId();

    JsonNode report = report(node, date, "");

    assertThat(report.path("payments").path("bills").asInt()).isZero();
    assertThat(report.path("holds").path("requests")).isEmpty();
    assertThat(report.path("estimates").path("honest").isNull()).isTrue();
    node.api()
        .post("/api/v1/admin/forecasts", TestService.ADMIN_TOKEN, Map.of("schedule", date))
        .mustBeProblem(400, "MALFORMED");
  }
}
