package io.concert.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.BillId;
import io.concert.domain.ScheduleId;
import io.concert.domain.SeatId;
import io.concert.domain.UserId;
import io.concert.payment.PaymentMessages;
import io.concert.payment.PaymentMessages.AskBill;
import io.concert.payment.PaymentMessages.Bill;
import io.concert.payment.PaymentMessages.FoundBill;
import io.concert.payment.PaymentMessages.Refund;
import io.concert.payment.PaymentMessages.RefundCancelled;
import io.concert.payment.PaymentMessages.Refunded;
import io.concert.payment.PaymentMessages.Remaining;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What operators do to a date that is on sale, and to what was sold of it. */
class SaleAdminEdgeIT {
  private static final String SCHEDULES = "/api/v1/admin/schedules/";
  private static final String BILL = "/api/v1/admin/bills/b7";
  private static final Instant AT = Instant.parse("2026-05-01T10:00:00Z");

  private final EdgeFixture edge = EdgeFixture.shared();
  private final Http http = edge.http();

  private Http.Request change(String schedule, String body) {
    return http.patch(SCHEDULES + schedule)
        .bearer(EdgeFixture.OPERATOR)
        .body(body.replace('\'', '"'), "application/json");
  }

  @Test
  void changesTheTimesOfADate() {
    String date = edge.createSchedule(edge.otherConcert);

    assertThat(
            change(
                    date,
                    "{'opensAt':'2030-01-01T00:00:00Z','refundUntil':'2031-01-01T09:00:00+09:00'}")
                .expect(200))
        .isEqualTo(
            new JsonObject()
                .put("scheduleId", date)
                .put("opensAt", "2030-01-01T00:00:00.000Z")
                .putNull("closesAt")
                .put("refundUntil", "2031-01-01T00:00:00.000Z"));
    JsonObject shown = schedule(date);
    assertThat(shown.getString("refundUntil")).isEqualTo("2031-01-01T00:00:00.000Z");
    assertThat(shown.getString("state")).isEqualTo("NOT_YET_OPEN");
    assertThat(shown.getString("layoutVersion")).isNotBlank();

    change(date, "{'closesAt':'2030-01-01T00:00:00Z'}").expect(400, "MALFORMED");
    assertThat(change(date, "{'opensAt':null,'closesAt':'2031-02-01T00:00:00Z'}").expect(200))
        .isEqualTo(
            new JsonObject()
                .put("scheduleId", date)
                .putNull("opensAt")
                .put("closesAt", "2031-02-01T00:00:00.000Z")
                .put("refundUntil", "2031-01-01T00:00:00.000Z"));
    assertThat(
            edge.database.number(
                "select count(*) from audit where action = 'schedule.times' and subject = '"
                    + date
                    + "'"))
        .isEqualTo(2);
  }

  private JsonObject schedule(String id) {
    return http
        .get("/api/v1/concerts/" + edge.otherConcert)
        .expect(200)
        .getJsonArray("schedules")
        .stream()
        .map(JsonObject.class::cast)
        .filter(schedule -> schedule.getString("id").equals(id))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void refusesChangesThatMakeNoSense() {
    change(edge.schedule, "{}").expect(400, "MALFORMED");
    change(edge.schedule, "{'startsAt':'2031-01-01T00:00:00Z'}").expect(400, "MALFORMED");
    change(edge.schedule, "{'refundUntil':'tomorrow'}").expect(400, "MALFORMED");
    change(edge.schedule, "{'refundUntil':17}").expect(400, "MALFORMED");
    change("s999999", "{'refundUntil':null}").expect(404, "NOT_FOUND");
    change("x", "{'refundUntil':null}").expect(404, "NOT_FOUND");
  }

  @Test
  void makesADateWithARefundTime() {
    String date =
        http.post("/api/v1/admin/schedules")
            .bearer(EdgeFixture.OPERATOR)
            .json(
                new JsonObject()
                    .put("concertId", edge.otherConcert)
                    .put("startsAt", "2031-05-01T10:30:00Z")
                    .put("refundUntil", "2031-04-01T00:00:00Z"))
            .expect(201)
            .getString("id");
    assertThat(schedule(date).getString("refundUntil")).isEqualTo("2031-04-01T00:00:00.000Z");
  }

  @Test
  void cancelsADateAndSaysWhatIsLeftToRefund() {
    String date = edge.createSchedule(edge.otherConcert);
    edge.script(PaymentMessages.REFUND_CANCELLED, (RefundCancelled cancelled) -> new Remaining(12));
    for (int again = 0; again < 2; again++) {
      assertThat(http.post(SCHEDULES + date + "/cancel").bearer(EdgeFixture.OPERATOR).expect(200))
          .isEqualTo(
              new JsonObject()
                  .put("scheduleId", date)
                  .put("sale", "CANCELLED")
                  .put("billsToRefund", 12));
    }
    assertThat(edge.asked)
        .containsOnly(new RefundCancelled(ScheduleId.parse(date).orElseThrow()))
        .hasSize(2);
    assertThat(schedule(date).getString("state")).isEqualTo("CANCELLED");
    assertThat(
            edge.database.number(
                "select count(*) from audit where action = 'schedule.cancel' and subject = '"
                    + date
                    + "'"))
        .isEqualTo(1);
    change(date, "{'closesAt':null}").expect(409, "NOT_ON_SALE");
    http.post(SCHEDULES + date + "/open").bearer(EdgeFixture.OPERATOR).expect(409, "NOT_ON_SALE");
  }

  @Test
  void cancelsAlsoWhileNobodyRefunds() {
    String date = edge.createSchedule(edge.otherConcert);
    JsonObject answer =
        http.post(SCHEDULES + date + "/cancel").bearer(EdgeFixture.OPERATOR).expect(200);
    assertThat(answer.getString("sale")).isEqualTo("CANCELLED");
    assertThat(answer.getValue("billsToRefund")).isNull();
    http.post(SCHEDULES + "s999999/cancel").bearer(EdgeFixture.OPERATOR).expect(404, "NOT_FOUND");
  }

  private Bill bill(Optional<Instant> refundedAt) {
    SeatId seat = SeatId.parse(edge.seat).orElseThrow();
    return new Bill(new BillId(7), new UserId(42), seat, EdgeFixture.price(), AT, refundedAt);
  }

  private JsonObject body() {
    return new JsonObject()
        .put("billId", "b7")
        .put("price", 99_000)
        .put("userNumber", 42)
        .put("scheduleId", edge.schedule)
        .put("seatId", edge.seat)
        .put("createdAt", "2026-05-01T10:00:00.000Z")
        .put("seatNo", "A-1-1")
        .putNull("refundedAt");
  }

  @Test
  void showsAnyonesBillByTheBuyersNumber() {
    edge.script(
        PaymentMessages.ASK_BILL,
        (AskBill ask) -> new FoundBill(Optional.of(bill(Optional.empty()))));
    assertThat(http.get(BILL).bearer(EdgeFixture.VIEWER).expect(200)).isEqualTo(body());
    assertThat(edge.asked).containsExactly(new AskBill(new BillId(7), Optional.empty()));
    edge.script(PaymentMessages.ASK_BILL, (AskBill ask) -> new FoundBill(Optional.empty()));
    http.get(BILL).bearer(EdgeFixture.VIEWER).expect(404, "NOT_FOUND");
  }

  @Test
  void refundsAnyonesBill() {
    edge.script(
        PaymentMessages.REFUND,
        (Refund refund) -> new Refunded(bill(Optional.of(AT)), refund.key().isPresent()));
    var response =
        http.post(BILL + "/refund")
            .bearer(EdgeFixture.PAYMENTS)
            .header("Idempotency-Key", "k")
            .header("X-Request-Id", "refund-1")
            .send();
    assertThat(new JsonObject(Http.text(response)))
        .isEqualTo(body().put("refundedAt", "2026-05-01T10:00:00.000Z"));
    assertThat(response.headers().firstValue("Idempotent-Replayed")).contains("true");
    Refund asked = (Refund) edge.asked.get(0);
    assertThat(asked.buyer()).isEmpty();
    assertThat(asked.operator().orElseThrow().operator()).isEqualTo("p");
    assertThat(asked.operator().orElseThrow().requestId()).isEqualTo("refund-1");
  }

  @Test
  void saysWhetherTheInvariantsHold() {
    JsonObject answer = http.get("/api/v1/admin/invariants").bearer(EdgeFixture.VIEWER).expect(200);
    assertThat(answer.getString("checkedAt")).isNotNull();
    assertThat(answer.getJsonArray("violations")).isEqualTo(new JsonArray());
  }

  @Test
  void needsAnOperatorOfTheRole() {
    String cancel = SCHEDULES + edge.schedule + "/cancel";
    for (String role : List.of(EdgeFixture.VIEWER, EdgeFixture.OPERATOR)) {
      http.post(BILL + "/refund").bearer(role).expect(403, "FORBIDDEN");
    }
    for (String role : List.of(EdgeFixture.VIEWER, EdgeFixture.PAYMENTS)) {
      http.post(cancel).bearer(role).expect(403, "FORBIDDEN");
      http.patch(SCHEDULES + edge.schedule).bearer(role).body("{").expect(403, "FORBIDDEN");
    }
    String buyer = edge.accessToken(edge.guest());
    for (String path : List.of(BILL, "/api/v1/admin/invariants")) {
      http.get(path).expect(401, "UNAUTHORIZED");
      http.get(path).bearer(buyer).expect(401, "UNAUTHORIZED");
    }
    http.post(cancel).bearer(buyer).expect(401, "UNAUTHORIZED");
    assertThat(edge.asked).isEmpty();
  }
}
