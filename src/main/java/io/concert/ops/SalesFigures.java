package io.concert.ops;

import io.concert.postgres.Sql;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How a sale goes, in figures that only the database has. Bills are summed over all of a date, a
 * few milliseconds for some ten thousand, so all operators share one reading of at most every two
 * seconds. Safe from any thread.
 */
public final class SalesFigures {
  private static final Duration FRESH = Duration.ofSeconds(2);

  private static final String SALES =
      """
      select schedule_id, count(*) as bills, sum(price)::bigint as won,
        count(*) filter (where created_at > (select clock_timestamp()) - interval '1 minute') as lately
      from bill where refunded_at is null group by schedule_id
      """;

  /** Of the latest sessions only: a look at all that ever were would cost more with every sale. */
  private static final String ADMISSIONS =
      """
      select room_id, count(*) as lately from (
        select room_id, admitted_at from room_session order by id desc limit 20000) latest
      where admitted_at > (select clock_timestamp()) - interval '1 minute' group by room_id
      """;

  private final Sql sql;
  private final LongSupplier nanos;
  private @Nullable Promise<Figures> reading;
  private long askedAt;

  /**
   * @param sales by the schedule's number
   * @param admissions people let in during the last minute, by the room's name; 20,000 at most
   */
  public record Figures(Map<Long, Sales> sales, Map<String, Long> admissions) {
    public Figures {
      sales = Map.copyOf(sales);
      admissions = Map.copyOf(admissions);
    }
  }

  /**
   * One date's, without what was refunded.
   *
   * @param won the sum of their prices
   * @param lately how many of the bills are from the last minute
   */
  public record Sales(long bills, long won, long lately) {
    public static final Sales NONE = new Sales(0, 0, 0);
  }

  /**
   * @param nanos monotonic
   */
  public SalesFigures(Sql sql, LongSupplier nanos) {
    this.sql = sql;
    this.nanos = nanos;
  }

  /** At most two seconds old; fails with a {@link io.concert.domain.Fault}. */
  public Future<Figures> read() {
    Promise<Figures> mine = Promise.promise();
    synchronized (this) {
      Promise<Figures> known = reading;
      boolean fresh = nanos.getAsLong() - askedAt < FRESH.toNanos();
      if (known != null && fresh && !known.future().failed()) {
        return known.future();
      }
      reading = mine;
      askedAt = nanos.getAsLong();
    }
    sql.query(SALES, Tuple.tuple())
        .compose(
            sales ->
                sql.query(ADMISSIONS, Tuple.tuple()).map(admissions -> figures(sales, admissions)))
        .onComplete(mine);
    return mine.future();
  }

  private static Figures figures(Iterable<Row> sales, Iterable<Row> admissions) {
    Map<Long, Sales> bySchedule = new HashMap<>();
    for (Row row : sales) {
      bySchedule.put(
          row.getLong("schedule_id"),
          new Sales(row.getLong("bills"), row.getLong("won"), row.getLong("lately")));
    }
    Map<String, Long> byRoom = new HashMap<>();
    for (Row row : admissions) {
      byRoom.put(row.getString("room_id"), row.getLong("lately"));
    }
    return new Figures(bySchedule, byRoom);
  }
}
