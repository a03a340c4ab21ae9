package io.concert.http.payments;

import io.concert.http.web.Times;
import io.concert.payment.PaymentMessages.Bill;
import io.concert.user.User;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Bills as the contract writes them. */
final class BillBody {
  private BillBody() {}

  /** What a payment is answered. */
  static JsonObject receipt(Bill bill, User buyer) {
    return new JsonObject()
        .put("billId", bill.id().toString())
        .put("price", bill.price().amount())
        .put("buyerId", buyer.uuid().reveal())
        .put("scheduleId", bill.seat().schedule().toString())
        .put("seatId", bill.seat().toString())
        .put("createdAt", Times.text(bill.createdAt()));
  }

  /** A bill for its buyer. */
  static JsonObject own(Bill bill, User buyer, @Nullable String seatNo) {
    return more(receipt(bill, buyer), bill, seatNo);
  }

  /** A bill for an operator, to whom a buyer is a number: the UUID may be a secret. */
  static JsonObject forOperator(Bill bill, @Nullable String seatNo) {
    JsonObject body =
        new JsonObject()
            .put("billId", bill.id().toString())
            .put("price", bill.price().amount())
            .put("userNumber", bill.buyer().number())
            .put("scheduleId", bill.seat().schedule().toString())
            .put("seatId", bill.seat().toString())
            .put("createdAt", Times.text(bill.createdAt()));
    return more(body, bill, seatNo);
  }

  private static JsonObject more(JsonObject body, Bill bill, @Nullable String seatNo) {
    return body.put("seatNo", seatNo)
        .put("refundedAt", bill.refundedAt().map(Times::text).orElse(null));
  }
}
