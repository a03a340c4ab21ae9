package io.concert.http.payments;

import io.concert.bus.Bus;
import io.concert.domain.BillId;
import io.concert.http.access.IdempotencyKeys;
import io.concert.http.web.Call;
import io.concert.http.web.Problem;
import io.concert.http.web.ProblemCode;
import io.concert.http.web.ProblemException;
import io.concert.payment.PaymentMessages;
import io.concert.payment.PaymentMessages.KeyRefused;
import io.concert.payment.PaymentMessages.NotRefunded;
import io.concert.payment.PaymentMessages.OverCeiling;
import io.concert.payment.PaymentMessages.Refund;
import io.concert.payment.PaymentMessages.RefundRefusal;
import io.concert.payment.PaymentMessages.RefundReply;
import io.concert.payment.PaymentMessages.Refunded;
import io.vertx.core.Future;

/** What a buyer's refund and an operator's have in common. */
final class RefundRequests {
  private final Bus bus;

  RefundRequests(Bus bus) {
    this.bus = bus;
  }

  static BillId billInPath(Call call) {
    return BillId.parse(call.path("id")).orElseThrow(RefundRequests::noSuchBill);
  }

  static ProblemException noSuchBill() {
    return Problem.of(ProblemCode.NOT_FOUND, "No such bill.").exception();
  }

  /** Fails with {@link ProblemException} where nothing was refunded. */
  Future<Refunded> refund(Refund refund) {
    return bus.request(PaymentMessages.REFUND, refund).map(RefundRequests::refunded);
  }

  private static Refunded refunded(RefundReply reply) {
    if (reply instanceof Refunded refunded) {
      return refunded;
    }
    if (reply instanceof KeyRefused refused) {
      throw IdempotencyKeys.refused(refused.reason());
    }
    if (reply instanceof OverCeiling over) {
      throw Problem.of(
              ProblemCode.BALANCE_LIMIT,
              "No balance may exceed " + over.ceiling().amount() + " won.")
          .withStatus(409)
          .with("balance", over.balance().amount())
          .exception();
    }
    throw problem(((NotRefunded) reply).reason());
  }

  private static ProblemException problem(RefundRefusal reason) {
    return switch (reason) {
      case UNKNOWN_BILL -> noSuchBill();
      case CLOSED ->
          Problem.of(
                  ProblemCode.REFUND_CLOSED, "Tickets of this date can't be given back any more.")
              .exception();
    };
  }
}
