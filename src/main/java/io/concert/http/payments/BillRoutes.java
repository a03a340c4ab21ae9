package io.concert.http.payments;

import io.concert.bus.Bus;
import io.concert.catalog.Catalog;
import io.concert.domain.BillId;
import io.concert.domain.IdempotencyKey;
import io.concert.domain.SeatId;
import io.concert.domain.Won;
import io.concert.http.access.Caller;
import io.concert.http.access.IdempotencyKeys;
import io.concert.http.holds.SeatNames;
import io.concert.http.web.Access;
import io.concert.http.web.Answer;
import io.concert.http.web.Call;
import io.concert.http.web.Endpoint;
import io.concert.http.web.Endpoint.BodyRule;
import io.concert.http.web.PageRequest;
import io.concert.http.web.Times;
import io.concert.payment.OrderNumbers;
import io.concert.payment.PaymentMessages;
import io.concert.payment.PaymentMessages.AskBill;
import io.concert.payment.PaymentMessages.AskBills;
import io.concert.payment.PaymentMessages.AskEntries;
import io.concert.payment.PaymentMessages.Bill;
import io.concert.payment.PaymentMessages.Entry;
import io.concert.payment.PaymentMessages.Refund;
import io.concert.user.Token;
import io.concert.user.User;
import io.concert.user.Users;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** One's own bills and what has moved one's balance; giving a ticket back. */
public final class BillRoutes {
  private static final Pattern CURSOR = Pattern.compile("[1-9][0-9]{0,17}");

  private final Bus bus;
  private final Buyers buyers;
  private final RefundRequests refunds;
  private final SeatNames names;
  private final Won ceiling;
  private final BillBody bodies;

  public BillRoutes(Bus bus, Catalog catalog, Users users, Won ceiling, OrderNumbers orders) {
    this.bodies = new BillBody(orders);
    this.bus = bus;
    this.buyers = new Buyers(users);
    this.refunds = new RefundRequests(bus);
    this.names = new SeatNames(catalog);
    this.ceiling = ceiling;
  }

  public List<Endpoint> endpoints() {
    String bills = "/api/v1/accounts/bills";
    return List.of(
        Endpoint.get(bills, Access.USER, this::list),
        Endpoint.get(bills + "/{id}", Access.USER, this::bill),
        Endpoint.post(bills + "/{id}/refund", Access.USER, BodyRule.NONE, this::refund),
        Endpoint.get("/api/v1/accounts/entries", Access.USER, this::entries));
  }

  private Future<Answer> list(Call call) {
    Token token = Caller.token(call);
    PageRequest page = PageRequest.of(call);
    Optional<BillId> after = page.cursor(BillId::parse);
    return buyers
        .of(token.user())
        .compose(
            buyer ->
                bus.request(
                        PaymentMessages.ASK_BILLS,
                        new AskBills(token.user(), after, page.limit() + 1))
                    .compose(
                        found ->
                            names
                                .of(seats(found.bills()))
                                .map(seatNos -> page(page, found.bills(), buyer, seatNos))));
  }

  private static List<SeatId> seats(List<Bill> bills) {
    return bills.stream().map(Bill::seat).toList();
  }

  private Answer page(PageRequest page, List<Bill> found, User buyer, Map<SeatId, String> seatNos) {
    return Answer.ok(
        page.answer(
            found,
            bill -> bodies.own(bill, buyer, seatNos.get(bill.seat())),
            bill -> bill.id().toString()));
  }

  private Future<Answer> bill(Call call) {
    Token token = Caller.token(call);
    BillId id = RefundRequests.billInPath(call);
    return buyers
        .of(token.user())
        .compose(
            buyer ->
                bus.request(PaymentMessages.ASK_BILL, new AskBill(id, Optional.of(token.user())))
                    .map(found -> found.bill().orElseThrow(RefundRequests::noSuchBill))
                    .compose(bill -> answer(bill, buyer)));
  }

  private Future<Answer> answer(Bill bill, User buyer) {
    return names
        .of(List.of(bill.seat()))
        .map(seatNos -> Answer.ok(bodies.own(bill, buyer, seatNos.get(bill.seat()))));
  }

  private Future<Answer> refund(Call call) {
    Token token = Caller.token(call);
    Optional<IdempotencyKey> key = IdempotencyKeys.of(call, token.user());
    BillId id = RefundRequests.billInPath(call);
    Refund refund = new Refund(id, Optional.of(token.user()), Optional.empty(), ceiling, key);
    return buyers
        .of(token.user())
        .compose(
            buyer ->
                refunds
                    .refund(refund)
                    .compose(
                        refunded ->
                            answer(refunded.bill(), buyer)
                                .map(
                                    answer ->
                                        IdempotencyKeys.marked(answer, refunded.replayed()))));
  }

  private Future<Answer> entries(Call call) {
    Token token = Caller.token(call);
    PageRequest page = PageRequest.of(call);
    Optional<Long> after = page.numberedCursor(CURSOR);
    return bus.request(
            PaymentMessages.ASK_ENTRIES, new AskEntries(token.user(), after, page.limit() + 1))
        .map(
            found ->
                Answer.ok(
                    page.answer(
                        found.entries(), BillRoutes::body, entry -> Long.toString(entry.id()))));
  }

  private static JsonObject body(Entry entry) {
    return new JsonObject()
        .put("id", Long.toString(entry.id()))
        .put("kind", kind(entry))
        .put("amount", entry.amount())
        .put("billId", entry.bill().map(BillId::toString).orElse(null))
        .put("createdAt", Times.text(entry.createdAt()));
  }

  private static String kind(Entry entry) {
    if (entry.bill().isEmpty()) {
      return "CHARGE";
    }
    return entry.amount() < 0 ? "PAYMENT" : "REFUND";
  }
}
