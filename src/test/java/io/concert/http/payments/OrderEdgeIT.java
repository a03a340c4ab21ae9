package io.concert.http.payments;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.BillId;
import io.concert.domain.OrderId;
import io.concert.domain.ScheduleId;
import io.concert.domain.SeatId;
import io.concert.domain.Won;
import io.concert.http.web.DispatcherFixture;
import io.concert.http.web.Http;
import io.concert.payment.PaymentMessages;
import io.concert.payment.PaymentMessages.AskOrder;
import io.concert.payment.PaymentMessages.AskOrders;
import io.concert.payment.PaymentMessages.Bill;
import io.concert.payment.PaymentMessages.FoundOrder;
import io.concert.payment.PaymentMessages.Order;
import io.concert.payment.PaymentMessages.Orders;
import io.concert.user.User;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrderEdgeIT {
  private static final String OWN = "/api/v1/accounts/orders";
  private static final String ANYONES = "/api/v1/admin/orders";
  private static final Instant AT = Instant.parse("2026-05-01T10:00:00Z");

  private final DispatcherFixture dispatcher = DispatcherFixture.shared();
  private final Http http = dispatcher.http();
  private final User guest = dispatcher.guest();
  private final String jwt = dispatcher.accessToken(guest);
  private final ScheduleId schedule = ScheduleId.parse(dispatcher.schedule).orElseThrow();
  private final OrderId id = new OrderId(7);
  private final String number = dispatcher.orders.text(id);

  private Bill bill(long bill, OrderId order, int seat, Optional<Instant> refundedAt) {
    return new Bill(
        new BillId(bill),
        order,
        guest.number(),
        new SeatId(schedule, seat),
        new Won(99_000),
        AT,
        refundedAt);
  }

  private Order twoBills() {
    return new Order(
        id, List.of(bill(7, id, 3, Optional.empty()), bill(9, id, 0, Optional.of(AT))));
  }

  private JsonObject shown(String whose, Object who, long bill, int seat, String seatNo) {
    return new JsonObject()
        .put("billId", "b" + bill)
        .put("price", 99_000)
        .put(whose, who)
        .put("scheduleId", dispatcher.schedule)
        .put("seatId", dispatcher.schedule + "-" + seat)
        .put("createdAt", "2026-05-01T10:00:00.000Z")
        .put("orderNumber", number)
        .put("seatNo", seatNo)
        .put("refundedAt", bill == 9 ? "2026-05-01T10:00:00.000Z" : null);
  }

  private JsonObject shown(String whose, Object who) {
    return new JsonObject()
        .put("orderNumber", number)
        .put("createdAt", "2026-05-01T10:00:00.000Z")
        .put("total", 198_000)
        .put("refunded", 99_000)
        .put(
            "bills",
            JsonArray.of(shown(whose, who, 7, 3, "B-1-1"), shown(whose, who, 9, 0, "A-1-1")));
  }

  @Test
  void showsAnOrderToItsBuyer() {
    dispatcher.script(
        PaymentMessages.ASK_ORDER, (AskOrder ask) -> new FoundOrder(Optional.of(twoBills())));
    for (String typed : List.of(number, number.replace("-", ""))) {
      assertThat(http.get(OWN + "/" + typed).bearer(jwt).expect(200))
          .isEqualTo(shown("buyerId", guest.uuid().reveal()));
    }
    assertThat(dispatcher.asked).containsOnly(new AskOrder(id, Optional.of(guest.number())));
  }

  @Test
  void showsAnyonesOrderToOperatorsWithoutTheSecret() {
    dispatcher.script(
        PaymentMessages.ASK_ORDER, (AskOrder ask) -> new FoundOrder(Optional.of(twoBills())));
    long user = guest.number().number();
    assertThat(http.get(ANYONES + "/" + number).bearer(DispatcherFixture.VIEWER).expect(200))
        .isEqualTo(shown("userNumber", user).put("userNumber", user));
    assertThat(dispatcher.asked).containsExactly(new AskOrder(id, Optional.empty()));
    http.get(ANYONES + "/" + number).bearer(jwt).expect(401, "UNAUTHORIZED");
  }

  @ParameterizedTest
  @ValueSource(strings = {"7", "b7", "12345-6789", "x", "12345-67890"})
  void othersAreNotFound(String text) {
    dispatcher.script(
        PaymentMessages.ASK_ORDER, (AskOrder ask) -> new FoundOrder(Optional.empty()));
    http.get(OWN + "/" + text).bearer(jwt).expect(404, "NOT_FOUND");
    http.get(ANYONES + "/" + text).bearer(DispatcherFixture.VIEWER).expect(404, "NOT_FOUND");
  }

  @Test
  void pagesThroughTheCallersOrders() {
    dispatcher.script(
        PaymentMessages.ASK_ORDERS,
        (AskOrders ask) ->
            new Orders(
                LongStream.rangeClosed(1, 3)
                    .map(i -> ask.after().map(OrderId::number).orElse(10L) - i)
                    .limit(ask.limit())
                    .mapToObj(OrderId::new)
                    .map(
                        order ->
                            new Order(
                                order, List.of(bill(order.number(), order, 0, Optional.empty()))))
                    .toList()));
    JsonObject first = http.get(OWN + "?limit=2").bearer(jwt).expect(200);
    String next = dispatcher.orders.text(new OrderId(8));
    assertThat(first.getJsonArray("items").getJsonObject(1).getString("orderNumber"))
        .isEqualTo(next);
    assertThat(first.getString("next")).isEqualTo(next);

    http.get(OWN + "?after=" + next).bearer(jwt).expect(200);
    assertThat(dispatcher.asked)
        .containsExactly(
            new AskOrders(guest.number(), Optional.empty(), 3),
            new AskOrders(guest.number(), Optional.of(new OrderId(8)), 51));
    for (String query : List.of("limit=0", "after=8", "after=b8", "after=x")) {
      http.get(OWN + "?" + query).bearer(jwt).expect(400, "MALFORMED");
    }
  }
}
