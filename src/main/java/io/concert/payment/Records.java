package io.concert.payment;

import io.concert.domain.BillId;
import io.concert.domain.OrderId;
import io.concert.domain.ScheduleId;
import io.concert.domain.UserId;
import io.concert.payment.Pages.Span;
import io.concert.payment.PaymentMessages.Bill;
import io.concert.postgres.Sql;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/**
 * What was sold and booked, for those who take it elsewhere. All futures fail with a {@link
 * io.concert.domain.Fault} as the database does.
 */
public final class Records {
  private static final int PAGE = 1_000;

  private final Sql sql;

  public Records(Sql sql) {
    this.sql = sql;
  }

  /**
   * Bills of other dates lie between those of one, without an index that every payment would have
   * to write to: the table is read once here, and between the first and the last once more. (A
   * count is asked for lest PostgreSQL walks along the ids for the least and the greatest.)
   */
  private static final String SALES_SPAN =
      """
      select count(*), min(id) - 1 as after, max(id) as last from bill where schedule_id = $1
      """;

  private static final String SALES =
      """
      select id as bill_id, coalesce(of_order, id) as order_id, schedule_id, seat, user_number, price, created_at as billed_at,
        refunded_at
      from bill where schedule_id = $1 and id > $2 and id <= $3 order by id limit $4
      """;

  /**
   * All bills of a date, each as it is when it is read. One that is made meanwhile may be missing.
   */
  public Pages<Bill> sales(ScheduleId schedule) {
    return new Pages<>(
        () -> sql.query(SALES_SPAN, Tuple.of(schedule.number())).map(Records::span),
        rest ->
            sql.query(SALES, Tuple.of(schedule.number(), rest.after(), rest.last(), PAGE))
                .map(rows -> list(rows, VerdictRows::bill)),
        bill -> bill.id().number());
  }

  /** The account that an entry changes; the codes are the database's. */
  public enum Account {
    /** A user's balance. */
    BALANCE,
    /** What users have paid in. */
    CASH,
    /** What was sold. */
    SALES
  }

  /**
   * One of the entries of a posting, which sum to zero.
   *
   * @param user whose balance it is
   * @param bill what was paid or refunded; empty for a charge
   * @param order the bill's; empty for a charge
   * @param amount won; never zero. More than zero makes a balance larger
   */
  public record Entry(
      long id,
      long posting,
      Account account,
      Optional<UserId> user,
      Optional<BillId> bill,
      Optional<OrderId> order,
      long amount,
      Instant createdAt) {}

  /**
   * Ids aren't given in the order of commits, so of the last minute not all may be there that will
   * be: no change is under way for so long. What is older is whole and is read the same every time.
   */
  private static final String LEDGER_SPAN =
      """
      select count(*), min(id) - 1 as after, max(id) as last from ledger_entry
      where created_at >= $1
        and created_at < least($2, (select clock_timestamp()) - interval '1 minute')
      """;

  /** What lies between and is younger than a minute came too late for the span. */
  private static final String LEDGER =
      """
      select e.id, e.posting, e.account, e.user_number, e.bill_id, e.amount, e.created_at,
        (select coalesce(b.of_order, b.id) from bill b where b.id = e.bill_id) as order_id
      from ledger_entry e
      where e.created_at >= $1
        and e.created_at < least($2, (select clock_timestamp()) - interval '1 minute')
        and e.id > $3 and e.id <= $4 order by e.id limit $5
      """;

  /**
   * All entries of that time, by their ids, but none of the last minute.
   *
   * @param from inclusive
   * @param to exclusive
   */
  public Pages<Entry> ledger(Instant from, Instant to) {
    OffsetDateTime since = from.atOffset(ZoneOffset.UTC);
    OffsetDateTime until = to.atOffset(ZoneOffset.UTC);
    return new Pages<>(
        () -> sql.query(LEDGER_SPAN, Tuple.of(since, until)).map(Records::span),
        rest ->
            sql.query(LEDGER, Tuple.of(since, until, rest.after(), rest.last(), PAGE))
                .map(rows -> list(rows, Records::entry)),
        Entry::id);
  }

  private static Entry entry(Row row) {
    return new Entry(
        row.getLong("id"),
        row.getLong("posting"),
        Account.values()[row.getShort("account")],
        Optional.ofNullable(row.getLong("user_number")).map(UserId::new),
        Optional.ofNullable(row.getLong("bill_id")).map(BillId::new),
        Optional.ofNullable(row.getLong("order_id")).map(OrderId::new),
        row.getLong("amount"),
        VerdictRows.at(row, "created_at"));
  }

  private static Span span(RowSet<Row> rows) {
    Row row = rows.iterator().next();
    return row.getLong("last") == null
        ? Span.NONE
        : new Span(row.getLong("after"), row.getLong("last"));
  }

  private static <T> List<T> list(RowSet<Row> rows, Function<Row, T> read) {
    return StreamSupport.stream(rows.spliterator(), false).map(read).toList();
  }
}
