package io.concert.ops;

import io.concert.postgres.Sql;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What must be true of the database at any moment, as one query that names offenders. Nothing is
 * ever repaired automatically: a violation is a defect to be understood.
 */
public final class Invariants {
  private static final int MOST_OFFENDERS = 100;
  private static final String OFFENDERS =
      """
      -- I1: a seat has at most one unrefunded bill.
      select 'I1' as invariant, format('s%s-%s has %s bills', schedule_id, seat, count(*)) as offender
      from bill where refunded_at is null group by schedule_id, seat having count(*) > 1
      union all
      -- I2: a balance is what its entries sum to, and never negative.
      select 'I2', format('user %s has %s, entries sum to %s',
        user_number, a.balance, coalesce(e.total, 0))
      from account a full join (
        select user_number, sum(amount) as total from ledger_entry
        where account = 0 group by user_number) e using (user_number)
      where a.balance < 0 or a.balance is distinct from coalesce(e.total, 0)
      union all
      -- I3: every posting sums to zero, so all entries do.
      select 'I3', format('posting %s sums to %s', posting, sum(amount))
      from ledger_entry group by posting having sum(amount) <> 0
      union all
      select 'I3', format('all entries sum to %s', sum(amount))
      from ledger_entry having sum(amount) <> 0
      union all
      -- I4: a seat is sold if and only if it has an unrefunded bill of its buyer at its price ...
      select 'I4', format('s%s-%s: state %s, user %s, bill %s', c.schedule_id, c.seat, c.state,
        c.user_number, b.id)
      from seat_claim c full join (select * from bill where refunded_at is null) b
        using (schedule_id, seat)
      where (c.state = 2) is distinct from (b.id is not null)
        or b.id is not null and (b.user_number <> c.user_number or b.price <> c.price)
      union all
      -- ... and the bill has exactly one debit of that price.
      select 'I4', format('bill %s of %s won has debits %s',
        coalesce(b.id, e.bill_id), b.price, e.debits)
      from bill b full join (
        select bill_id, array_agg(-amount) as debits from ledger_entry
        where account = 0 and amount < 0 group by bill_id) e on e.bill_id = b.id
      where e.debits is distinct from case when b.price > 0 then array[b.price] end
      union all
      -- ... and if it was refunded exactly one credit of it, else none.
      select 'I4', format('bill %s of %s won, refunded at %s, has credits %s',
        coalesce(b.id, e.bill_id), b.price, b.refunded_at, e.credits)
      from bill b full join (
        select bill_id, array_agg(amount) as credits from ledger_entry
        where account = 0 and amount > 0 and bill_id is not null group by bill_id) e
        on e.bill_id = b.id
      where e.credits is distinct from
        case when b.refunded_at is not null and b.price > 0 then array[b.price] end
      union all
      -- I13: nobody more than the capacity is active.
      select 'I13', format('room %s has %s active of %s', r.id, count(*), r.capacity)
      from room r join room_session s on s.room_id = r.id and s.ended_at is null
      group by r.id, r.capacity having count(*) > r.capacity
      limit $1
      """;

  /** It reads all the books, which takes longer than a command may; one core is enough for that. */
  private static final String TAKE_YOUR_TIME =
      """
      select set_config('statement_timeout', '60s', true),
        set_config('max_parallel_workers_per_gather', '0', true)
      """;

  private static final Duration WITHIN = Duration.ofSeconds(65);

  private final Sql sql;

  public Invariants(Sql sql) {
    this.sql = sql;
  }

  /**
   * @param invariant its name in the documentation
   * @param offender what breaks it, by public numbers
   */
  public record Violation(String invariant, String offender) {}

  /**
   * @return the first hundred violations, none when all is well
   */
  public Future<List<Violation>> check() {
    return sql.transaction(
            WITHIN,
            connection ->
                Sql.execute(connection, TAKE_YOUR_TIME, Tuple.tuple())
                    .compose(
                        set -> Sql.execute(connection, OFFENDERS, Tuple.of((long) MOST_OFFENDERS))))
        .map(Invariants::violations);
  }

  private static List<Violation> violations(RowSet<Row> rows) {
    List<Violation> found = new ArrayList<>();
    rows.forEach(
        row -> found.add(new Violation(row.getString("invariant"), row.getString("offender"))));
    return found;
  }
}
