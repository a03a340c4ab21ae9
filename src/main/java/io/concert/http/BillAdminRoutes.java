package io.concert.http;

import io.concert.bus.Bus;
import io.concert.catalog.Catalog;
import io.concert.domain.BillId;
import io.concert.domain.RequestKey;
import io.concert.domain.Won;
import io.concert.http.Endpoint.BodyRule;
import io.concert.payment.PaymentMessages;
import io.concert.payment.PaymentMessages.AskBill;
import io.concert.payment.PaymentMessages.Bill;
import io.concert.payment.PaymentMessages.Refund;
import io.concert.user.Operator;
import io.concert.user.Operator.Role;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** Anyone's bills, and giving their money back at any time. For operators. */
final class BillAdminRoutes {
  private final Bus bus;
  private final Authenticator authenticator;
  private final Refunds refunds;
  private final SeatNames names;
  private final Won ceiling;

  BillAdminRoutes(Bus bus, Catalog catalog, Authenticator authenticator, HttpSettings settings) {
    this.bus = bus;
    this.authenticator = authenticator;
    this.refunds = new Refunds(bus);
    this.names = new SeatNames(catalog);
    this.ceiling = settings.balanceCeiling();
  }

  List<Endpoint> endpoints() {
    String bill = "/api/v1/admin/bills/{id}";
    return List.of(
        Endpoint.get(bill, this::bill),
        Endpoint.post(bill + "/refund", BodyRule.NONE, this::refund)
            .guardedBy(call -> authenticator.requireOperator(call, Role.PAYMENTS)));
  }

  private Future<Answer> bill(Call call) {
    authenticator.requireOperator(call, Role.VIEWER);
    BillId id = Refunds.billInPath(call);
    return bus.request(PaymentMessages.ASK_BILL, new AskBill(id, Optional.empty()))
        .map(found -> found.bill().orElseThrow(Refunds::noSuchBill))
        .compose(this::answer);
  }

  private Future<Answer> answer(Bill bill) {
    return names
        .of(List.of(bill.seat()))
        .map(seatNos -> Answer.ok(BillBody.forOperator(bill, seatNos.get(bill.seat()))));
  }

  private Future<Answer> refund(Call call) {
    Operator operator = authenticator.operator(call, Role.PAYMENTS);
    Optional<RequestKey> key = RequestKeys.of(call, operator);
    Refund refund =
        new Refund(
            Refunds.billInPath(call),
            Optional.empty(),
            Optional.of(authenticator.actor(call, Role.PAYMENTS)),
            ceiling,
            key);
    return refunds
        .refund(refund)
        .compose(
            refunded ->
                answer(refunded.bill())
                    .map(answer -> RequestKeys.marked(answer, refunded.replayed())));
  }
}
