package io.concert.http.payments;

import io.concert.bus.Bus;
import io.concert.catalog.Catalog;
import io.concert.domain.Actor;
import io.concert.domain.BillId;
import io.concert.domain.Won;
import io.concert.http.access.Caller;
import io.concert.http.access.IdempotencyKeys;
import io.concert.http.holds.SeatNames;
import io.concert.http.web.Access;
import io.concert.http.web.Answer;
import io.concert.http.web.Call;
import io.concert.http.web.Endpoint;
import io.concert.http.web.Endpoint.BodyRule;
import io.concert.payment.OrderNumbers;
import io.concert.payment.PaymentMessages;
import io.concert.payment.PaymentMessages.AskBill;
import io.concert.payment.PaymentMessages.Bill;
import io.concert.payment.PaymentMessages.Refund;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** Anyone's bills, and giving their money back at any time. For operators. */
public final class BillAdminRoutes {
  private final Bus bus;
  private final RefundRequests refunds;
  private final SeatNames names;
  private final Won ceiling;
  private final BillBody bodies;

  public BillAdminRoutes(Bus bus, Catalog catalog, Won ceiling, OrderNumbers orders) {
    this.bodies = new BillBody(orders);
    this.bus = bus;
    this.refunds = new RefundRequests(bus);
    this.names = new SeatNames(catalog);
    this.ceiling = ceiling;
  }

  public List<Endpoint> endpoints() {
    String bill = "/api/v1/admin/bills/{id}";
    return List.of(
        Endpoint.get(bill, Access.VIEWER, this::bill),
        Endpoint.post(bill + "/refund", Access.PAYMENTS, BodyRule.NONE, this::refund));
  }

  private Future<Answer> bill(Call call) {
    BillId id = RefundRequests.billInPath(call);
    return bus.request(PaymentMessages.ASK_BILL, new AskBill(id, Optional.empty()))
        .map(found -> found.bill().orElseThrow(RefundRequests::noSuchBill))
        .compose(this::answer);
  }

  private Future<Answer> answer(Bill bill) {
    return names
        .of(List.of(bill.seat()))
        .map(seatNos -> Answer.ok(bodies.forOperator(bill, seatNos.get(bill.seat()))));
  }

  private Future<Answer> refund(Call call) {
    Actor actor = Caller.actor(call);
    Refund refund =
        new Refund(
            RefundRequests.billInPath(call),
            Optional.empty(),
            Optional.of(actor),
            ceiling,
            actor.key());
    return refunds
        .refund(refund)
        .compose(
            refunded ->
                answer(refunded.bill())
                    .map(answer -> IdempotencyKeys.marked(answer, refunded.replayed())));
  }
}
