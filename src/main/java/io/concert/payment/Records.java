package io.concert.payment;

import io.concert.domain.ScheduleId;
import io.concert.payment.Pages.Span;
import io.concert.payment.PaymentMessages.Bill;
import io.concert.postgres.Sql;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/**
 * What was sold, for those who take it elsewhere. All futures fail with a {@link
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
      select id as bill_id, schedule_id, seat, user_number, price, created_at as billed_at,
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
