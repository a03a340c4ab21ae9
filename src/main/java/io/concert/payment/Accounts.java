package io.concert.payment;

import io.concert.domain.BillId;
import io.concert.domain.Fault;
import io.concert.domain.OrderId;
import io.concert.domain.UserId;
import io.concert.domain.Won;
import io.concert.payment.PaymentMessages.AskBalance;
import io.concert.payment.PaymentMessages.AskBill;
import io.concert.payment.PaymentMessages.AskBills;
import io.concert.payment.PaymentMessages.AskEntries;
import io.concert.payment.PaymentMessages.AskOrder;
import io.concert.payment.PaymentMessages.AskOrders;
import io.concert.payment.PaymentMessages.Balance;
import io.concert.payment.PaymentMessages.Bill;
import io.concert.payment.PaymentMessages.Bills;
import io.concert.payment.PaymentMessages.Entries;
import io.concert.payment.PaymentMessages.Entry;
import io.concert.payment.PaymentMessages.FoundBill;
import io.concert.payment.PaymentMessages.FoundOrder;
import io.concert.payment.PaymentMessages.Order;
import io.concert.payment.PaymentMessages.Orders;
import io.concert.postgres.Sql;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a user may read of an account: balance, bills, orders, entries. */
final class Accounts {
  private final Sql sql;

  Accounts(Sql sql) {
    this.sql = sql;
  }

  private static final String BALANCE =
      """
      select balance from account where user_number = $1
      """;

  Future<Balance> balance(AskBalance question) {
    return sql.query(BALANCE, Tuple.of(question.user().number()))
        .compose(
            rows ->
                rows.size() == 1
                    ? Future.succeededFuture(
                        new Balance(new Won(rows.iterator().next().getLong("balance"))))
                    : Future.failedFuture(missing(question.user())));
  }

  private static final String BILL =
      """
      select id as bill_id, coalesce(of_order, id) as order_id, schedule_id, seat, user_number, price, created_at as billed_at,
        refunded_at
      from bill where id = $1 and user_number = coalesce($2, user_number)
      """;

  Future<FoundBill> bill(AskBill question) {
    Long buyer = question.buyer().map(UserId::number).orElse(null);
    return sql.query(BILL, Tuple.of(question.bill().number(), buyer))
        .map(
            rows -> {
              Optional<Bill> found = Optional.empty();
              for (Row row : rows) {
                found = Optional.of(VerdictRows.bill(row));
              }
              return new FoundBill(found);
            });
  }

  private static final String BILLS =
      """
      select id as bill_id, coalesce(of_order, id) as order_id, schedule_id, seat, user_number, price, created_at as billed_at,
        refunded_at
      from bill where user_number = $1 and id < $2 order by id desc limit $3
      """;

  Future<Bills> bills(AskBills question) {
    long before = question.after().map(BillId::number).orElse(Long.MAX_VALUE);
    return sql.query(BILLS, Tuple.of(question.user().number(), before, question.limit()))
        .map(
            rows -> {
              List<Bill> page = new ArrayList<>();
              rows.forEach(row -> page.add(VerdictRows.bill(row)));
              return new Bills(page);
            });
  }

  /** The order is named after its first bill, whose buyer's bills hold the others. */
  private static final String ORDER =
      """
      select b.id as bill_id, coalesce(b.of_order, b.id) as order_id, b.schedule_id, b.seat,
        b.user_number, b.price, b.created_at as billed_at, b.refunded_at
      from bill f join bill b on b.user_number = f.user_number and b.id >= f.id
      where f.id = $1 and f.of_order is null and f.user_number = coalesce($2, f.user_number)
        and coalesce(b.of_order, b.id) = f.id
      order by b.id
      """;

  Future<FoundOrder> order(AskOrder question) {
    Long buyer = question.buyer().map(UserId::number).orElse(null);
    return sql.query(ORDER, Tuple.of(question.order().number(), buyer))
        .map(rows -> new FoundOrder(grouped(rows).stream().findFirst()));
  }

  private static final String ORDERS =
      """
      select b.id as bill_id, o.id as order_id, b.schedule_id, b.seat, b.user_number, b.price,
        b.created_at as billed_at, b.refunded_at
      from (
        select id from bill
        where user_number = $1 and id < $2 and of_order is null order by id desc limit $3) o
      join bill b on b.user_number = $1 and coalesce(b.of_order, b.id) = o.id
      order by o.id desc, b.id
      """;

  Future<Orders> orders(AskOrders question) {
    long before = question.after().map(OrderId::number).orElse(Long.MAX_VALUE);
    return sql.query(ORDERS, Tuple.of(question.user().number(), before, question.limit()))
        .map(rows -> new Orders(grouped(rows)));
  }

  /**
   * @param rows bills, those of an order one after the other
   */
  private static List<Order> grouped(Iterable<Row> rows) {
    Map<OrderId, List<Bill>> orders = new LinkedHashMap<>();
    for (Row row : rows) {
      Bill bill = VerdictRows.bill(row);
      orders.computeIfAbsent(bill.order(), first -> new ArrayList<>()).add(bill);
    }
    return orders.entrySet().stream()
        .map(order -> new Order(order.getKey(), order.getValue()))
        .toList();
  }

  private static final String ENTRIES =
      """
      select id, amount, bill_id, created_at
      from ledger_entry where user_number = $1 and id < $2 order by id desc limit $3
      """;

  Future<Entries> entries(AskEntries question) {
    long before = question.after().orElse(Long.MAX_VALUE);
    return sql.query(ENTRIES, Tuple.of(question.user().number(), before, question.limit()))
        .map(
            rows -> {
              List<Entry> page = new ArrayList<>();
              rows.forEach(row -> page.add(entry(row)));
              return new Entries(page);
            });
  }

  private static Entry entry(Row row) {
    return new Entry(
        row.getLong("id"),
        row.getLong("amount"),
        Optional.ofNullable(row.getLong("bill_id")).map(BillId::new),
        VerdictRows.at(row, "created_at"));
  }

  /** Accounts are made with their users, so a missing one is a defect. */
  static Fault missing(UserId user) {
    return new Fault(Fault.Kind.INTERNAL, "no account for " + user);
  }
}
