package io.concert.ops;

import io.concert.domain.SaleTally;
import io.concert.domain.ScheduleId;
import io.concert.postgres.Sql;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Counts the seats of the dates that are being sold, by state, and what the sold ones cost. One
 * node at a time does it; a node that hasn't for a while shows nothing, so that no old number
 * stands beside a new one.
 *
 * <p>Confined to one context; the gauges may be read by any thread.
 */
public final class SaleWatch {
  /** Series stay few: dates beyond these, the latest ones, aren't shown. */
  private static final int MOST_SCHEDULES = 50;

  /** It reads each seat's row: two per cent of a core are its share. */
  private static final int REST = 50;

  /** Beyond the time of the next count. */
  private static final long GRACE_NANOS = 30_000_000_000L;

  /** From an hour before the sale opens until a day after the show has begun. */
  private static final String COUNT =
      """
      with watched as materialized (
        select id from schedule
        where layout_id is not null and state <> 2
          and starts_at > now() - interval '1 day'
          and coalesce(opens_at, now()) < now() + interval '1 hour'
        order by starts_at, id limit $1
      )
      select w.id,
        count(*) filter (where c.state = 0) as free,
        count(*) filter (where c.state = 1) as held,
        count(*) filter (where c.state = 2) as sold,
        count(*) filter (where c.state = 3) as blocked,
        coalesce(sum(c.price) filter (where c.state = 2), 0)::bigint as won
      from watched w join seat_claim c on c.schedule_id = w.id
      group by w.id
      """;

  private final Sql sql;
  private final MeterRegistry registry;
  private final SaleTally tally;
  private final Map<Long, Shown> shown = new HashMap<>();
  private volatile long nextNanos = System.nanoTime();
  private volatile boolean counted;

  private record Counts(long free, long held, long sold, long blocked, long won) {}

  /** The last count of a date, and the gauges that show it. */
  private static final class Shown {
    private final List<Meter> gauges = new ArrayList<>();
    private volatile Counts counts;

    Shown(Counts counts) {
      this.counts = counts;
    }
  }

  public SaleWatch(Sql sql, MeterRegistry registry, SaleTally tally) {
    this.sql = sql;
    this.registry = registry;
    this.tally = tally;
  }

  /** One count, unless it isn't time again. Fails if the database doesn't answer. */
  public Future<Void> countIfRested() {
    return System.nanoTime() - nextNanos < 0 ? Future.succeededFuture() : count();
  }

  Future<Void> count() {
    long began = System.nanoTime();
    return sql.query(COUNT, Tuple.of(MOST_SCHEDULES))
        .map(
            rows -> {
              Map<Long, Counts> found = new HashMap<>();
              rows.forEach(row -> found.put(row.getLong("id"), counts(row)));
              show(found);
              found.forEach((schedule, counts) -> tell(new ScheduleId(schedule), counts));
              long ended = System.nanoTime();
              nextNanos = ended + REST * (ended - began);
              counted = true;
              return (Void) null;
            })
        .onFailure(failure -> counted = false);
  }

  private void tell(ScheduleId schedule, Counts counts) {
    tally.level(schedule, "free", counts.free());
    tally.level(schedule, "held", counts.held());
    tally.level(schedule, "sold", counts.sold());
    tally.level(schedule, "not_for_sale", counts.blocked());
  }

  private static Counts counts(Row row) {
    return new Counts(
        row.getLong("free"),
        row.getLong("held"),
        row.getLong("sold"),
        row.getLong("blocked"),
        row.getLong("won"));
  }

  private void show(Map<Long, Counts> found) {
    found.forEach(
        (schedule, counts) ->
            shown.computeIfAbsent(schedule, id -> gauges(id, counts)).counts = counts);
    shown
        .entrySet()
        .removeIf(
            one -> {
              boolean gone = !found.containsKey(one.getKey());
              if (gone) {
                one.getValue().gauges.forEach(registry::remove);
              }
              return gone;
            });
  }

  private Shown gauges(long schedule, Counts first) {
    Shown one = new Shown(first);
    String name = "s" + schedule;
    one.gauges.add(seats(one, name, "free", Counts::free));
    one.gauges.add(seats(one, name, "held", Counts::held));
    one.gauges.add(seats(one, name, "sold", Counts::sold));
    one.gauges.add(seats(one, name, "not_for_sale", Counts::blocked));
    one.gauges.add(
        Gauge.builder("sale_won", one, it -> fresh(it, Counts::won))
            .description("What the sold seats of a date cost, refunds taken off")
            .tag("schedule", name)
            .register(registry));
    return one;
  }

  private Gauge seats(Shown one, String schedule, String state, ToDoubleFunction<Counts> count) {
    return Gauge.builder("seats", one, it -> fresh(it, count))
        .description("Seats of a date by state, as the database says")
        .tag("schedule", schedule)
        .tag("state", state)
        .register(registry);
  }

  private double fresh(Shown one, ToDoubleFunction<Counts> count) {
    boolean fresh = counted && System.nanoTime() - nextNanos < GRACE_NANOS;
    return fresh ? count.applyAsDouble(one.counts) : Double.NaN;
  }
}
