package io.concert.payment;

import io.concert.domain.ScheduleId;
import io.concert.payment.PaymentMessages.Remaining;
import io.concert.postgres.Sql;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Gives the holds of cancelled dates back and refunds their bills, some hundred a transaction: a
 * long one would keep other payments of those buyers waiting. The rows say what is left, so it goes
 * on wherever it was broken off, and two nodes at it do nothing twice. The seat maps learn of it by
 * themselves.
 */
final class CancelledSchedules {
  private static final int CHUNK = 500;

  /** An operator waits this long at most for what is done anyway. */
  private static final Duration AT_ONCE = Duration.ofSeconds(2);

  /** Shorter than the job's turn; what is left is the next turn's. */
  private static final Duration A_TURN = Duration.ofSeconds(20);

  private final Sql sql;
  private final int chunk;

  CancelledSchedules(Sql sql) {
    this(sql, CHUNK);
  }

  /**
   * @param chunk how many holds or bills a transaction takes on
   */
  CancelledSchedules(Sql sql, int chunk) {
    this.sql = sql;
    this.chunk = chunk;
  }

  /** What remains of one date after about two seconds; nothing of one that isn't cancelled. */
  Future<Remaining> refundNow(ScheduleId schedule) {
    return settle(schedule, System.nanoTime() + AT_ONCE.toNanos())
        .compose(done -> remaining(schedule));
  }

  private static final String UNSETTLED =
      """
      select id from schedule where state = 2 and settled_at is null order by id
      """;

  /**
   * All dates that are cancelled and not settled yet; one look at an empty index if there are none.
   */
  Future<Void> settleAll() {
    long until = System.nanoTime() + A_TURN.toNanos();
    return sql.query(UNSETTLED, Tuple.tuple())
        .compose(
            rows -> {
              List<ScheduleId> cancelled = new ArrayList<>();
              rows.forEach(row -> cancelled.add(new ScheduleId(row.getLong("id"))));
              Future<Void> chain = Future.succeededFuture();
              for (ScheduleId schedule : cancelled) {
                chain = chain.compose(done -> settle(schedule, until));
              }
              return chain;
            });
  }

  private static final String FREE_HOLDS =
      """
      select free_cancelled_holds($1, $2) as taken_on
      """;

  private static final String REFUND =
      """
      select refund_cancelled($1, $2) as taken_on
      """;

  /** Until then; what is left is noted by nobody, so the next turn finds it. */
  Future<Void> settle(ScheduleId schedule, long untilNanos) {
    return repeat(FREE_HOLDS, schedule, untilNanos)
        .compose(done -> repeat(REFUND, schedule, untilNanos))
        .compose(done -> noteSettled(schedule));
  }

  private Future<Void> repeat(String function, ScheduleId schedule, long untilNanos) {
    return sql.query(function, Tuple.of(schedule.number(), chunk))
        .compose(
            rows ->
                rows.iterator().next().getLong("taken_on") < chunk
                        || System.nanoTime() - untilNanos >= 0
                    ? Future.succeededFuture()
                    : repeat(function, schedule, untilNanos));
  }

  private static final String NOTE_SETTLED =
      """
      update schedule s set settled_at = clock_timestamp()
      where s.id = $1 and s.state = 2 and s.settled_at is null
        and not exists (
          select from bill b where b.schedule_id = s.id and b.refunded_at is null)
        and not exists (
          select from seat_claim c where c.schedule_id = s.id and c.state = 1)
      """;

  private Future<Void> noteSettled(ScheduleId schedule) {
    return sql.query(NOTE_SETTLED, Tuple.of(schedule.number())).mapEmpty();
  }

  private static final String REMAINING =
      """
      select count(*) as bills from bill b join schedule s on s.id = b.schedule_id
      where s.id = $1 and s.state = 2 and b.refunded_at is null
      """;

  private Future<Remaining> remaining(ScheduleId schedule) {
    return sql.query(REMAINING, Tuple.of(schedule.number()))
        .map(rows -> new Remaining(rows.iterator().next().getLong("bills")));
  }
}
