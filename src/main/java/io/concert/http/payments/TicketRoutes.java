package io.concert.http.payments;

import io.concert.bus.Bus;
import io.concert.catalog.Catalog;
import io.concert.domain.BillId;
import io.concert.domain.SeatId;
import io.concert.http.access.Caller;
import io.concert.http.holds.SeatNames;
import io.concert.http.web.Access;
import io.concert.http.web.Answer;
import io.concert.http.web.Call;
import io.concert.http.web.Endpoint;
import io.concert.http.web.Endpoint.BodyRule;
import io.concert.http.web.JsonFields;
import io.concert.http.web.Times;
import io.concert.payment.PaymentMessages;
import io.concert.payment.PaymentMessages.AskBill;
import io.concert.payment.PaymentMessages.Bill;
import io.concert.payment.Tickets;
import io.concert.payment.Tickets.Checked;
import io.concert.user.Token;
import io.nayuki.qrcodegen.QrCode;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/** Tickets as codes to show at the door, and the door. */
public final class TicketRoutes {
  private static final int LONGEST = 200;

  private final Bus bus;
  private final Tickets tickets;
  private final SeatNames names;

  public TicketRoutes(Bus bus, Catalog catalog, Tickets tickets) {
    this.bus = bus;
    this.tickets = tickets;
    this.names = new SeatNames(catalog);
  }

  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/api/v1/accounts/bills/{id}/ticket", Access.USER, this::ticket),
        Endpoint.post("/api/v1/admin/tickets/check", Access.OPERATOR, BodyRule.JSON, this::check));
  }

  private Future<Answer> ticket(Call call) {
    Token token = Caller.token(call);
    BillId id = RefundRequests.billInPath(call);
    return bus.request(PaymentMessages.ASK_BILL, new AskBill(id, Optional.of(token.user())))
        .map(
            found ->
                found.bill().filter(TicketRoutes::stands).orElseThrow(RefundRequests::noSuchBill))
        .compose(bill -> tickets.ticket(bill.id()))
        .map(
            text ->
                Answer.ok(
                    new JsonObject()
                        .put("billId", id.toString())
                        .put("ticket", text)
                        .put("qr", rows(QrCode.encodeText(text, QrCode.Ecc.MEDIUM)))));
  }

  /** A ticket that was given back is none. */
  private static boolean stands(Bill bill) {
    return bill.refundedAt().isEmpty();
  }

  /** Row by row from the top, 1 for dark, without the quiet zone. */
  private static JsonArray rows(QrCode code) {
    JsonArray rows = new JsonArray();
    for (int y = 0; y < code.size; y++) {
      StringBuilder row = new StringBuilder(code.size);
      for (int x = 0; x < code.size; x++) {
        row.append(code.getModule(x, y) ? '1' : '0');
      }
      rows.add(row.toString());
    }
    return rows;
  }

  private Future<Answer> check(Call call) {
    JsonFields fields = call.fields();
    String text = fields.text("ticket", LONGEST);
    fields.end();
    return tickets
        .check(text, Caller.actor(call).operator())
        .compose(
            checked ->
                names
                    .of(checked.seat().map(List::of).orElse(List.of()))
                    .map(seatNos -> Answer.ok(body(checked, checked.seat().map(seatNos::get)))));
  }

  private static JsonObject body(Checked checked, Optional<String> seatNo) {
    return new JsonObject()
        .put("verdict", checked.verdict().name())
        .put("billId", checked.bill().map(BillId::toString).orElse(null))
        .put("scheduleId", checked.seat().map(SeatId::schedule).map(Object::toString).orElse(null))
        .put("seatNo", seatNo.orElse(null))
        .put("enteredAt", checked.enteredAt().map(Times::text).orElse(null));
  }
}
