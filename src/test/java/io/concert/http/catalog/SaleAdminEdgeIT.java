package io.concert.http.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.BillId;
import io.concert.domain.OrderId;
import io.concert.domain.ScheduleId;
import io.concert.domain.SeatId;
import io.concert.domain.UserId;
import io.concert.http.web.DispatcherFixture;
import io.concert.http.web.Http;
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

  private final DispatcherFixture dispatcher = DispatcherFixture.shared();
  private final Http http = dispatcher.http();

  private Http.Request change(String schedule, String body) {
    return http.patch(SCHEDULES + schedule).bearer(DispatcherFixture.OPERATOR).quoted(body);
  }

  @Test
  void changesTheTimesOfADate() {
    String date = dispatcher.createSchedule(dispatcher.otherConcert);

    assertThat(
            change(
                    date,
                    "{'opensAt':'2030-01-01T00:00:00Z','refundUntil':'2031-01-01T09:00:00+09:00'}")
                .expect(200))
        .isEqualTo(
            new JsonObject()
                .put("scheduleId", date)
                .put("startsAt", "2031-05-01T10:30:00.000Z")
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
                .put("startsAt", "2031-05-01T10:30:00.000Z")
                .putNull("opensAt")
                .put("closesAt", "2031-02-01T00:00:00.000Z")
                .put("refundUntil", "2031-01-01T00:00:00.000Z"));
    assertThat(
            dispatcher.database.number(
                "select count(*) from audit where action = 'schedule.times' and subject = '"
                    + date
                    + "'"))
        .isEqualTo(2);
  }

  @Test
  void putsAShowOff() {
    String date = dispatcher.createSchedule(dispatcher.otherConcert);
    change(date, "{'refundUntil':'2031-04-30T10:30:00Z'}").expect(200);

    JsonObject times = change(date, "{'startsAt':'2031-06-01T19:30:00+09:00'}").expect(200);

    assertThat(times.getString("startsAt")).isEqualTo("2031-06-01T10:30:00.000Z");
    assertThat(times.getString("refundUntil")).isEqualTo("2031-05-31T10:30:00.000Z");
    assertThat(schedule(date).getString("startsAt")).isEqualTo("2031-06-01T10:30:00.000Z");
  }

  private JsonObject schedule(String id) {
    return http
        .get("/api/v1/concerts/" + dispatcher.otherConcert)
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
    change(dispatcher.schedule, "{}").expect(400, "MALFORMED");
    change(dispatcher.schedule, "{'startsAt':null}").expect(400, "MALFORMED");
    change(dispatcher.schedule, "{'startsAt':'2020-01-01T00:00:00Z'}").expect(400, "MALFORMED");
    change(dispatcher.schedule, "{'opensAt':'2031-06-01T00:00:00Z'}").expect(400, "MALFORMED");
    change(dispatcher.schedule, "{'refundUntil':'tomorrow'}").expect(400, "MALFORMED");
    change(dispatcher.schedule, "{'refundUntil':17}").expect(400, "MALFORMED");
    change("s999999", "{'refundUntil':null}").expect(404, "NOT_FOUND");
    change("x", "{'refundUntil':null}").expect(404, "NOT_FOUND");
  }

  @Test
  void makesADateWithARefundTime() {
    String date =
        http.post("/api/v1/admin/schedules")
            .bearer(DispatcherFixture.OPERATOR)
            .json(
                new JsonObject()
                    .put("concertId", dispatcher.otherConcert)
                    .put("startsAt", "2031-05-01T10:30:00Z")
                    .put("refundUntil", "2031-04-01T00:00:00Z"))
            .expect(201)
            .getString("id");
    assertThat(schedule(date).getString("refundUntil")).isEqualTo("2031-04-01T00:00:00.000Z");
  }

  @Test
  void cancelsADateAndSaysWhatIsLeftToRefund() {
    String date = dispatcher.createSchedule(dispatcher.otherConcert);
    dispatcher.script(
        PaymentMessages.REFUND_CANCELLED, (RefundCancelled cancelled) -> new Remaining(12));
    for (int again = 0; again < 2; again++) {
      assertThat(
              http.post(SCHEDULES + date + "/cancel")
                  .bearer(DispatcherFixture.OPERATOR)
                  .expect(200))
          .isEqualTo(
              new JsonObject()
                  .put("scheduleId", date)
                  .put("sale", "CANCELLED")
                  .put("billsToRefund", 12));
    }
    assertThat(dispatcher.asked)
        .containsOnly(new RefundCancelled(ScheduleId.parse(date).orElseThrow()))
        .hasSize(2);
    assertThat(schedule(date).getString("state")).isEqualTo("CANCELLED");
    assertThat(
            dispatcher.database.number(
                "select count(*) from audit where action = 'schedule.cancel' and subject = '"
                    + date
                    + "'"))
        .isEqualTo(1);
    change(date, "{'closesAt':null}").expect(409, "NOT_ON_SALE");
    http.post(SCHEDULES + date + "/open")
        .bearer(DispatcherFixture.OPERATOR)
        .expect(409, "NOT_ON_SALE");
  }

  @Test
  void cancelsAlsoWhileNobodyRefunds() {
    String date = dispatcher.createSchedule(dispatcher.otherConcert);
    JsonObject answer =
        http.post(SCHEDULES + date + "/cancel").bearer(DispatcherFixture.OPERATOR).expect(200);
    assertThat(answer.getString("sale")).isEqualTo("CANCELLED");
    assertThat(answer.getValue("billsToRefund")).isNull();
    http.post(SCHEDULES + "s999999/cancel")
        .bearer(DispatcherFixture.OPERATOR)
        .expect(404, "NOT_FOUND");
  }

  private Bill bill(Optional<Instant> refundedAt) {
    SeatId seat = SeatId.parse(dispatcher.seat).orElseThrow();
    return new Bill(new BillId(7), new UserId(42), seat, DispatcherFixture.price(), AT, refundedAt);
  }

  private JsonObject body() {
    return new JsonObject()
        .put("billId", "b7")
        .put("price", 99_000)
        .put("userNumber", 42)
        .put("scheduleId", dispatcher.schedule)
        .put("seatId", dispatcher.seat)
        .put("createdAt", "2026-05-01T10:00:00.000Z")
        .put("orderNumber", dispatcher.orders.text(new OrderId(7)))
        .put("seatNo", "A-1-1")
        .putNull("refundedAt");
  }

  @Test
  void showsAnyonesBillByTheBuyersNumber() {
    dispatcher.script(
        PaymentMessages.ASK_BILL,
        (AskBill ask) -> new FoundBill(Optional.of(bill(Optional.empty()))));
    assertThat(http.get(BILL).bearer(DispatcherFixture.VIEWER).expect(200)).isEqualTo(body());
    assertThat(dispatcher.asked).containsExactly(new AskBill(new BillId(7), Optional.empty()));
    dispatcher.script(PaymentMessages.ASK_BILL, (AskBill ask) -> new FoundBill(Optional.empty()));
    http.get(BILL).bearer(DispatcherFixture.VIEWER).expect(404, "NOT_FOUND");
  }

  @Test
  void refundsAnyonesBill() {
    dispatcher.script(
        PaymentMessages.REFUND,
        (Refund refund) -> new Refunded(bill(Optional.of(AT)), refund.key().isPresent()));
    var response =
        http.post(BILL + "/refund")
            .bearer(DispatcherFixture.PAYMENTS)
            .header("Idempotency-Key", "k")
            .header("X-Request-Id", "refund-1")
            .send();
    assertThat(new JsonObject(Http.text(response)))
        .isEqualTo(body().put("refundedAt", "2026-05-01T10:00:00.000Z"));
    assertThat(response.headers().firstValue("Idempotent-Replayed")).contains("true");
    Refund asked = (Refund) dispatcher.asked.get(0);
    assertThat(asked.buyer()).isEmpty();
    assertThat(asked.operator().orElseThrow().operator()).isEqualTo("p");
    assertThat(asked.operator().orElseThrow().requestId()).isEqualTo("refund-1");
  }

  @Test
  void saysWhetherTheInvariantsHold() {
    JsonObject answer =
        http.get("/api/v1/admin/invariants").bearer(DispatcherFixture.VIEWER).expect(200);
    assertThat(answer.getString("checkedAt")).isNotNull();
    assertThat(answer.getJsonArray("violations")).isEqualTo(new JsonArray());
  }

  @Test
  void needsAnOperatorOfTheRole() {
    String cancel = SCHEDULES + dispatcher.schedule + "/cancel";
    for (String role : List.of(DispatcherFixture.VIEWER, DispatcherFixture.OPERATOR)) {
      http.post(BILL + "/refund").bearer(role).expect(403, "FORBIDDEN");
    }
    for (String role : List.of(DispatcherFixture.VIEWER, DispatcherFixture.PAYMENTS)) {
      http.post(cancel).bearer(role).expect(403, "FORBIDDEN");
      http.patch(SCHEDULES + dispatcher.schedule).bearer(role).body("{").expect(403, "FORBIDDEN");
    }
    String buyer = dispatcher.accessToken(dispatcher.guest());
    for (String path : List.of(BILL, "/api/v1/admin/invariants")) {
      http.get(path).expect(401, "UNAUTHORIZED");
      http.get(path).bearer(buyer).expect(401, "UNAUTHORIZED");
    }
    http.post(cancel).bearer(buyer).expect(401, "UNAUTHORIZED");
    assertThat(dispatcher.asked).isEmpty();
  }
}
