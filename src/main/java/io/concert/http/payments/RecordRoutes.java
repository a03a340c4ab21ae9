package io.concert.http.payments;

import static io.concert.http.web.JsonBody.malformed;

import io.concert.catalog.Catalog;
import io.concert.catalog.layout.Layout;
import io.concert.domain.BillId;
import io.concert.domain.ScheduleId;
import io.concert.http.web.Access;
import io.concert.http.web.Call;
import io.concert.http.web.Download;
import io.concert.http.web.Endpoint;
import io.concert.http.web.ScheduleInPath;
import io.concert.http.web.Times;
import io.concert.payment.OrderNumbers;
import io.concert.payment.PaymentMessages.Bill;
import io.concert.payment.Records;
import io.concert.payment.Records.Entry;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;

/** What was sold and booked, as tables for spreadsheets and bookkeeping. For operators. */
public final class RecordRoutes {
  private static final List<String> SALES =
      List.of(
          "bill",
          "seatId",
          "section",
          "row",
          "seat",
          "grade",
          "price",
          "userNumber",
          "paidAt",
          "refundedAt",
          "orderNumber");

  /** No amount has a sign: to a spreadsheet's guard a minus begins a formula. */
  private static final List<String> LEDGER =
      List.of(
          "entry",
          "posting",
          "account",
          "userNumber",
          "bill",
          "debit",
          "credit",
          "bookedAt",
          "orderNumber");

  private static final Instant ALWAYS = Instant.EPOCH;
  private static final Instant NO_END = Instant.parse("9999-01-01T00:00:00Z");

  private final Records records;
  private final Catalog catalog;
  private final OrderNumbers orders;

  public RecordRoutes(Records records, Catalog catalog, OrderNumbers orders) {
    this.orders = orders;
    this.records = records;
    this.catalog = catalog;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/api/v1/admin/schedules/{id}/sales.csv", Access.VIEWER, this::sales),
        Endpoint.get("/api/v1/admin/ledger.csv", Access.VIEWER, this::ledger));
  }

  private Future<Download> sales(Call call) {
    ScheduleId id = ScheduleInPath.id(call);
    return ScheduleInPath.find(call, catalog)
        .compose(found -> catalog.layout(id))
        .compose(
            layout ->
                Download.of(
                    id + "-sales.csv",
                    SALES,
                    records.sales(id)::next,
                    bill -> cells(bill, layout)));
  }

  private Future<Download> ledger(Call call) {
    Instant from = Times.inQuery(call, "from").orElse(ALWAYS);
    Instant to = Times.inQuery(call, "to").orElse(NO_END);
    if (!from.isBefore(to)) {
      throw malformed("`from` must be before `to`.");
    }
    return Download.of("ledger.csv", LEDGER, records.ledger(from, to)::next, this::cells);
  }

  private List<String> cells(Entry entry) {
    String amount = Long.toString(Math.abs(entry.amount()));
    return List.of(
        Long.toString(entry.id()),
        Long.toString(entry.posting()),
        entry.account().name(),
        entry.user().map(user -> Long.toString(user.number())).orElse(""),
        entry.bill().map(BillId::toString).orElse(""),
        entry.amount() < 0 ? amount : "",
        entry.amount() > 0 ? amount : "",
        Times.text(entry.createdAt()),
        entry.order().map(orders::text).orElse(""));
  }

  /** A seat that the plan doesn't have any more has no name. */
  private List<String> cells(Bill bill, Layout layout) {
    int seat = layout.position(bill.seat().index());
    boolean known = seat >= 0;
    return List.of(
        bill.id().toString(),
        bill.seat().toString(),
        known ? layout.section(seat).name() : "",
        known ? layout.row(seat).name() : "",
        known ? layout.number(seat) : "",
        known ? layout.grade(seat).name() : "",
        Long.toString(bill.price().amount()),
        Long.toString(bill.buyer().number()),
        Times.text(bill.createdAt()),
        bill.refundedAt().map(Times::text).orElse(""),
        orders.text(bill.order()));
  }
}
