package io.concert.http.payments;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.BillId;
import io.concert.domain.OrderId;
import io.concert.domain.RoomId;
import io.concert.domain.ScheduleId;
import io.concert.domain.SeatId;
import io.concert.domain.Won;
import io.concert.http.HttpSettings;
import io.concert.http.web.DispatcherFixture;
import io.concert.http.web.Http;
import io.concert.payment.PaymentMessages;
import io.concert.payment.PaymentMessages.AskBill;
import io.concert.payment.PaymentMessages.AskBills;
import io.concert.payment.PaymentMessages.AskEntries;
import io.concert.payment.PaymentMessages.BalanceTooSmall;
import io.concert.payment.PaymentMessages.Bill;
import io.concert.payment.PaymentMessages.Bills;
import io.concert.payment.PaymentMessages.Entries;
import io.concert.payment.PaymentMessages.Entry;
import io.concert.payment.PaymentMessages.FoundBill;
import io.concert.payment.PaymentMessages.NotPaid;
import io.concert.payment.PaymentMessages.NotRefunded;
import io.concert.payment.PaymentMessages.OverCeiling;
import io.concert.payment.PaymentMessages.Paid;
import io.concert.payment.PaymentMessages.Pay;
import io.concert.payment.PaymentMessages.PayRefusal;
import io.concert.payment.PaymentMessages.PricedSeat;
import io.concert.payment.PaymentMessages.Refund;
import io.concert.payment.PaymentMessages.RefundRefusal;
import io.concert.payment.PaymentMessages.Refunded;
import io.concert.user.User;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BillEdgeIT {
  private static final String BATCH = "/api/v1/accounts/payments/batch";
  private static final String BILLS = "/api/v1/accounts/bills";
  private static final String ENTRIES = "/api/v1/accounts/entries";
  private static final Instant AT = Instant.parse("2026-05-01T10:00:00Z");

  private final DispatcherFixture dispatcher = DispatcherFixture.shared();
  private final Http http = dispatcher.http();
  private final User guest = dispatcher.guest();
  private final String jwt = dispatcher.queueToken(guest);
  private final ScheduleId schedule = ScheduleId.parse(dispatcher.schedule).orElseThrow();

  private Bill bill(long id, Optional<Instant> refundedAt) {
    SeatId seat = new SeatId(schedule, 3);
    return new Bill(
        new BillId(id), guest.number(), seat, DispatcherFixture.price(), AT, refundedAt);
  }

  private JsonObject body(long id) {
    return new JsonObject()
        .put("billId", "b" + id)
        .put("price", 99_000)
        .put("buyerId", guest.uuid().reveal())
        .put("scheduleId", dispatcher.schedule)
        .put("seatId", dispatcher.schedule + "-3")
        .put("createdAt", "2026-05-01T10:00:00.000Z")
        .put("orderNumber", dispatcher.orders.text(new OrderId(id)))
        .put("seatNo", "B-1-1")
        .putNull("refundedAt");
  }

  private JsonObject batch() {
    return new JsonObject()
        .put("scheduleId", dispatcher.schedule)
        .put(
            "seats",
            JsonArray.of(
                new JsonObject().put("seatId", dispatcher.schedule + "-4").put("price", 77_000),
                new JsonObject().put("seatId", dispatcher.seat).put("price", 99_000)));
  }

  @Test
  void paysForSeveralSeats() {
    dispatcher.script(
        PaymentMessages.PAY,
        (Pay pay) ->
            new Paid(
                pay.seats().stream()
                    .map(seat -> new Bill(new BillId(3), pay.user(), seat.seat(), seat.price(), AT))
                    .toList(),
                false));

    JsonObject answer = http.post(BATCH).bearer(jwt).json(batch()).expect(201);

    assertThat(dispatcher.asked)
        .containsExactly(
            new Pay(
                RoomId.DEFAULT,
                guest.number(),
                schedule,
                List.of(
                    new PricedSeat(new SeatId(schedule, 4), new Won(77_000)),
                    new PricedSeat(new SeatId(schedule, 0), new Won(99_000))),
                Optional.empty()));
    assertThat(answer.getLong("total")).isEqualTo(176_000);
    assertThat(answer.getJsonArray("bills").getJsonObject(1).getString("seatId"))
        .isEqualTo(dispatcher.seat);
    assertThat(answer.getJsonArray("bills").getJsonObject(0).getString("buyerId"))
        .isEqualTo(guest.uuid().reveal());
  }

  @ParameterizedTest
  @EnumSource
  void namesTheSeatThatABatchFailedOn(PayRefusal reason) {
    dispatcher.script(
        PaymentMessages.PAY,
        (Pay pay) ->
            new NotPaid(reason, List.of(new SeatId(schedule, 0), new SeatId(schedule, 4))));

    JsonObject problem =
        http.post(BATCH)
            .bearer(jwt)
            .json(batch())
            .expect(reason == PayRefusal.PRICE_MISMATCH ? 400 : 403, reason.name());

    assertThat(problem.getString("seatId")).isEqualTo(dispatcher.seat);
    assertThat(problem.getJsonArray("seatIds"))
        .isEqualTo(JsonArray.of(dispatcher.seat, dispatcher.schedule + "-4"));
  }

  @Test
  void saysHowMuchIsMissingForAllOfThem() {
    dispatcher.script(
        PaymentMessages.PAY, (Pay pay) -> new BalanceTooSmall(new Won(176_000), new Won(99_000)));
    JsonObject problem =
        http.post(BATCH).bearer(jwt).json(batch()).expect(402, "INSUFFICIENT_BALANCE");
    assertThat(problem.getLong("required")).isEqualTo(176_000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'scheduleId':'S'}",
        "{'scheduleId':'S','seats':[]}",
        "{'scheduleId':'S','seats':['S-0']}",
        "{'scheduleId':'S','seats':[null]}",
        "{'scheduleId':'S','seats':{'seatId':'S-0','price':1}}",
        "{'scheduleId':'S','seats':[{'seatId':'S-0'}]}",
        "{'scheduleId':'S','seats':[{'seatId':'S-0','price':-1}]}",
        "{'scheduleId':'S','seats':[{'seatId':'S-0','price':1.5}]}",
        "{'scheduleId':'S','seats':[{'seatId':'S-6','price':1}]}",
        "{'scheduleId':'S','seats':[{'seatId':'S-0','price':1,'more':1}]}",
        "{'scheduleId':'S','seats':[{'seatId':'S-0','price':1},{'seatId':'S-0','price':1}]}",
        "{'scheduleId':'s999999','seats':[{'seatId':'s999999-0','price':1}]}",
      })
  void refusesBatchesThatMakeNoSense(String body) {
    String sent = body.replace("S", dispatcher.schedule);
    http.post(BATCH).bearer(jwt).quoted(sent).expect(400, "MALFORMED");
    assertThat(dispatcher.asked).isEmpty();
  }

  @Test
  void pagesThroughTheCallersBills() {
    dispatcher.script(
        PaymentMessages.ASK_BILLS,
        (AskBills ask) ->
            new Bills(
                LongStream.rangeClosed(1, 3)
                    .map(i -> ask.after().map(BillId::number).orElse(10L) - i)
                    .limit(ask.limit())
                    .mapToObj(id -> bill(id, Optional.empty()))
                    .toList()));

    JsonObject first = http.get(BILLS + "?limit=2").bearer(jwt).expect(200);
    assertThat(first)
        .isEqualTo(new JsonObject().put("items", JsonArray.of(body(9), body(8))).put("next", "b8"));
    String access = dispatcher.accessToken(guest);
    JsonObject last = http.get(BILLS + "?after=b8").bearer(access).expect(200);

    assertThat(last.getValue("next")).isNull();
    assertThat(dispatcher.asked)
        .containsExactly(
            new AskBills(guest.number(), Optional.empty(), 3),
            new AskBills(guest.number(), Optional.of(new BillId(8)), 51));
    for (String query : List.of("limit=0", "limit=101", "limit=x", "after=8", "after=x")) {
      http.get(BILLS + "?" + query).bearer(jwt).expect(400, "MALFORMED");
    }
  }

  @Test
  void showsABillToItsBuyerOnly() {
    dispatcher.script(
        PaymentMessages.ASK_BILL,
        (AskBill ask) -> new FoundBill(Optional.of(bill(7, Optional.of(AT)))));
    assertThat(http.get(BILLS + "/b7").bearer(jwt).expect(200))
        .isEqualTo(body(7).put("refundedAt", "2026-05-01T10:00:00.000Z"));
    assertThat(dispatcher.asked)
        .containsExactly(new AskBill(new BillId(7), Optional.of(guest.number())));

    dispatcher.script(PaymentMessages.ASK_BILL, (AskBill ask) -> new FoundBill(Optional.empty()));
    http.get(BILLS + "/b7").bearer(jwt).expect(404, "NOT_FOUND");
    http.get(BILLS + "/7").bearer(jwt).expect(404, "NOT_FOUND");
  }

  @Test
  void givesATicketBack() {
    dispatcher.script(
        PaymentMessages.REFUND,
        (Refund refund) -> new Refunded(bill(refund.bill().number(), Optional.of(AT)), false));
    assertThat(http.post(BILLS + "/b7/refund").bearer(dispatcher.accessToken(guest)).expect(200))
        .isEqualTo(body(7).put("refundedAt", "2026-05-01T10:00:00.000Z"));
    assertThat(dispatcher.asked)
        .containsExactly(
            new Refund(
                new BillId(7),
                Optional.of(guest.number()),
                Optional.empty(),
                HttpSettings.DEFAULT_CEILING,
                Optional.empty()));
  }

  @Test
  void saysWhyATicketIsNotTakenBack() {
    String path = BILLS + "/b7/refund";
    dispatcher.script(
        PaymentMessages.REFUND, (Refund refund) -> new NotRefunded(RefundRefusal.UNKNOWN_BILL));
    http.post(path).bearer(jwt).expect(404, "NOT_FOUND");
    dispatcher.script(
        PaymentMessages.REFUND, (Refund refund) -> new NotRefunded(RefundRefusal.CLOSED));
    http.post(path).bearer(jwt).expect(409, "REFUND_CLOSED");
    dispatcher.script(
        PaymentMessages.REFUND, (Refund refund) -> new OverCeiling(new Won(999), refund.ceiling()));
    assertThat(http.post(path).bearer(jwt).expect(409, "BALANCE_LIMIT").getLong("balance"))
        .isEqualTo(999);
    http.post(BILLS + "/x/refund").bearer(jwt).expect(404, "NOT_FOUND");
  }

  @Test
  void pagesThroughWhatMovedTheBalance() {
    dispatcher.script(
        PaymentMessages.ASK_ENTRIES,
        (AskEntries ask) ->
            new Entries(
                List.of(
                    new Entry(12, 99_000, Optional.of(new BillId(7)), AT),
                    new Entry(11, -99_000, Optional.of(new BillId(7)), AT),
                    new Entry(10, 100_000, Optional.empty(), AT))));

    JsonObject all = http.get(ENTRIES).bearer(jwt).expect(200);
    assertThat(all.getJsonArray("items").stream().map(JsonObject.class::cast))
        .extracting(entry -> entry.getString("kind"))
        .containsExactly("REFUND", "PAYMENT", "CHARGE");
    assertThat(all.getJsonArray("items").getJsonObject(1))
        .isEqualTo(
            new JsonObject()
                .put("id", "11")
                .put("kind", "PAYMENT")
                .put("amount", -99_000)
                .put("billId", "b7")
                .put("createdAt", "2026-05-01T10:00:00.000Z"));
    assertThat(http.get(ENTRIES + "?limit=2").bearer(jwt).expect(200).getString("next"))
        .isEqualTo("11");
    http.get(ENTRIES + "?after=11").bearer(jwt).expect(200);
    assertThat(dispatcher.asked)
        .last()
        .isEqualTo(new AskEntries(guest.number(), Optional.of(11L), 51));
    for (String query : List.of("limit=0", "after=x", "after=-1", "after=01")) {
      http.get(ENTRIES + "?" + query).bearer(jwt).expect(400, "MALFORMED");
    }
  }

  @Test
  void isForThoseWithATokenOnly() {
    for (String path : List.of(BILLS, BILLS + "/b7", ENTRIES)) {
      http.get(path).expect(401, "UNAUTHORIZED");
      http.get(path).bearer(DispatcherFixture.PAYMENTS).expect(401, "UNAUTHORIZED");
    }
    http.post(BILLS + "/b7/refund").expect(401, "UNAUTHORIZED");
    http.post(BATCH).bearer(dispatcher.accessToken(guest)).body("{").expect(401, "UNAUTHORIZED");
    assertThat(dispatcher.asked).isEmpty();
  }
}
