package io.concert.http.payments;

import io.concert.domain.SeatId;
import io.concert.domain.Won;
import io.concert.http.web.Times;
import io.concert.payment.OrderNumbers;
import io.concert.payment.PaymentMessages.Bill;
import io.concert.payment.PaymentMessages.Order;
import io.concert.user.User;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Bills and orders as the contract writes them. */
final class BillBody {
  private final OrderNumbers numbers;

  BillBody(OrderNumbers numbers) {
    this.numbers = numbers;
  }

  /** What a payment is answered. */
  JsonObject receipt(Bill bill, User buyer) {
    return new JsonObject()
        .put("billId", bill.id().toString())
        .put("price", bill.price().amount())
        .put("buyerId", buyer.uuid().reveal())
        .put("scheduleId", bill.seat().schedule().toString())
        .put("seatId", bill.seat().toString())
        .put("createdAt", Times.text(bill.createdAt()))
        .put("orderNumber", numbers.text(bill.order()));
  }

  /** A bill for its buyer. */
  JsonObject own(Bill bill, User buyer, @Nullable String seatNo) {
    return more(receipt(bill, buyer), bill, seatNo);
  }

  /** A bill for an operator, to whom a buyer is a number: the UUID may be a secret. */
  JsonObject forOperator(Bill bill, @Nullable String seatNo) {
    JsonObject body =
        new JsonObject()
            .put("billId", bill.id().toString())
            .put("price", bill.price().amount())
            .put("userNumber", bill.buyer().number())
            .put("scheduleId", bill.seat().schedule().toString())
            .put("seatId", bill.seat().toString())
            .put("createdAt", Times.text(bill.createdAt()))
            .put("orderNumber", numbers.text(bill.order()));
    return more(body, bill, seatNo);
  }

  private static JsonObject more(JsonObject body, Bill bill, @Nullable String seatNo) {
    return body.put("seatNo", seatNo)
        .put("refundedAt", bill.refundedAt().map(Times::text).orElse(null));
  }

  /** An order for its buyer. */
  JsonObject own(Order order, User buyer, Map<SeatId, String> seatNos) {
    return order(order, bill -> own(bill, buyer, seatNos.get(bill.seat())));
  }

  /** An order for an operator. */
  JsonObject forOperator(Order order, Map<SeatId, String> seatNos) {
    return order(order, bill -> forOperator(bill, seatNos.get(bill.seat())))
        .put("userNumber", order.bills().get(0).buyer().number());
  }

  private JsonObject order(Order order, Function<Bill, JsonObject> write) {
    List<Bill> bills = order.bills();
    Won refunded = sum(bills.stream().filter(bill -> bill.refundedAt().isPresent()).toList());
    return new JsonObject()
        .put("orderNumber", numbers.text(order.id()))
        .put("createdAt", Times.text(bills.get(0).createdAt()))
        .put("total", sum(bills).amount())
        .put("refunded", refunded.amount())
        .put("bills", new JsonArray(bills.stream().map(write).toList()));
  }

  private static Won sum(List<Bill> bills) {
    return bills.stream().map(Bill::price).reduce(Won.ZERO, Won::plus);
  }
}
