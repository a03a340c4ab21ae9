package io.concert.ops.report;

import io.concert.domain.ScheduleId;
import io.concert.domain.Won;
import io.concert.ops.report.SaleReport.Counters;
import io.concert.ops.report.SaleReport.Money;
import io.concert.ops.report.SaleReport.People;
import io.concert.ops.report.SaleReport.Spread;
import io.concert.postgres.Sql;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads how a sale went. Who was let in when, what was paid and what was given back is computed
 * from the books themselves, however long ago it was and whatever died; what no book has (requests
 * that were refused, holds that ended, who stood in line) from the steps that the nodes wrote.
 */
public final class SaleReports {
  /** It may read all the books; the request ends after ten seconds. */
  private static final String TAKE_YOUR_TIME =
      """
      select set_config('statement_timeout', '8s', true),
        set_config('max_parallel_workers_per_gather', '0', true)
      """;

  private static final Duration WITHIN = Duration.ofSeconds(9);

  /** Buyers of ten seats and more are counted together. */
  private static final int MOST_SEATS_EACH = 10;

  /** Both halves have an index. */
  private static final String BILLS =
      """
      bills as materialized (
        select * from bill where schedule_id = $1 and refunded_at is null
        union all
        select * from bill where schedule_id = $1 and refunded_at is not null)
      """;

  private final Sql sql;

  public SaleReports(Sql sql) {
    this.sql = sql;
  }

  /**
   * @param schedule one that there is
   * @param from empty for when the first came to the room, an hour before the opening at most
   * @param to empty for when the seats were counted after the last that happened
   * @return fails with a {@link io.concert.domain.Fault} as the database does
   */
  public Future<SaleReport> read(
      ScheduleId schedule, Optional<Instant> from, Optional<Instant> to) {
    return sql.transaction(
        WITHIN,
        connection ->
            Sql.execute(connection, TAKE_YOUR_TIME, Tuple.tuple())
                .compose(set -> span(connection, schedule))
                .map(found -> found.within(from, to))
                .compose(span -> read(connection, schedule, span)));
  }

  private record Span(String room, Instant from, Instant to, Optional<Instant> opensAt) {
    Span within(Optional<Instant> since, Optional<Instant> until) {
      Instant begin = since.map(ReportRecorder::stepOf).orElse(from);
      Instant end =
          until
              .map(time -> ReportRecorder.stepOf(time.minusNanos(1)).plus(ReportSteps.STEP))
              .orElse(to);
      Instant after = end.isAfter(begin) ? end : begin.plus(ReportSteps.STEP);
      return new Span(
          room,
          begin,
          after,
          opensAt.filter(time -> !time.isBefore(begin) && time.isBefore(after)));
    }
  }

  /**
   * From the first who joined the room before the first thing that happened to the date, at most a
   * day and an hour before it, to the last thing and the count of the seats that it changed, if
   * there was one soon after; where nothing has happened, now.
   */
  private static final String SPAN =
      "with "
          + BILLS
          + """
      , date as (
        select s.id, s.opens_at, c.room_id
        from schedule s join concert c on c.id = s.concert_id where s.id = $1
      ), acts as (
        select min(at) as first, max(at) as last from (
          select min(r.at) as at from report_step r
          where r.subject = 'schedule:' || $1::bigint and r.counts <> '{}'
          union all
          select max(r.at) from report_step r
          where r.subject = 'schedule:' || $1::bigint and r.counts <> '{}'
          union all
          select min(created_at) from bills
          union all
          select max(created_at) from bills) known
      ), bounds as (
        select d.*, coalesce(a.first, clock_timestamp()) as first,
          coalesce((
            select min(r.at) from report_step r
            where r.subject = 'schedule:' || $1::bigint and r.levels <> '{}'
              and r.at > a.last and r.at <= a.last + interval '10 minutes'),
            a.last, clock_timestamp()) as last,
          greatest(least(d.opens_at, a.first), a.first - interval '1 day') - interval '1 hour'
            as earliest
        from date d cross join acts a
      )
      select b.room_id, b.last, least(b.first, (
          select min(r.at) from report_step r
          where r.subject = 'room:' || b.room_id and r.at >= b.earliest and r.at <= b.first
            and r.counts ? 'joined'), (
          select min(s.admitted_at) from room_session s
          where s.room_id = b.room_id and s.admitted_at >= b.earliest
            and s.admitted_at <= b.first)) as first,
        coalesce((
          select max(o.opens_at) from room_draw o
          where o.room_id = b.room_id and o.opens_at >= b.earliest and o.opens_at <= b.last),
          b.opens_at) as opens_at
      from bounds b
      """;

  private static Future<Span> span(SqlConnection connection, ScheduleId schedule) {
    return Sql.execute(connection, SPAN, Tuple.of(schedule.number()))
        .map(
            rows -> {
              Row row = rows.iterator().next();
              return new Span(
                  row.getString("room_id"),
                  ReportRecorder.stepOf(time(row, "first")),
                  ReportRecorder.stepOf(time(row, "last")).plus(ReportSteps.STEP),
                  Optional.ofNullable(row.getOffsetDateTime("opens_at"))
                      .map(OffsetDateTime::toInstant));
            });
  }

  private static Future<SaleReport> read(SqlConnection connection, ScheduleId schedule, Span span) {
    Timeline timeline = new Timeline(span.from(), span.to());
    return new ReportSeries(connection, schedule, span.room(), span.from(), span.to())
        .fill(timeline)
        .compose(done -> people(connection, schedule, span))
        .compose(
            people ->
                money(connection, schedule, span)
                    .compose(
                        money ->
                            byCount(connection, schedule, span)
                                .map(counts -> report(span, timeline, people, money, counts))));
  }

  private static SaleReport report(
      Span span, Timeline timeline, Row people, Row money, List<Long> byCount) {
    Figures sum = timeline.sum();
    return new SaleReport(
        span.room(),
        span.from(),
        span.to(),
        span.opensAt(),
        timeline.step(),
        new People(
            sum.count("joined"),
            people.getLong("admitted"),
            people.getLong("places"),
            people.getLong("bought"),
            people.getLong("bought_other"),
            people.getLong("idle"),
            people.getLong("left_without"),
            people.getLong("still_inside"),
            sum.levels().getOrDefault("waiting", 0L)),
        spread(people, "wait", "places"),
        spread(people, "inside", "ended"),
        counters(sum),
        new Money(
            money.getLong("bills"),
            money.getLong("buyers"),
            new Won(money.getLong("taken")),
            money.getLong("refunded"),
            new Won(money.getLong("given_back")),
            millis(money.getLong("from_hold_p50")),
            millis(money.getLong("from_hold_p90")),
            millis(money.getLong("to_hold_mean")),
            byCount),
        timeline.points());
  }

  private static Counters counters(Figures sum) {
    return new Counters(
        named(sum, "holds."),
        named(sum, "payments."),
        named(sum, "estimates."),
        sum.count("seats.held"),
        sum.count("seats.expired"),
        sum.count("seats.given_back"));
  }

  private static Map<String, Long> named(Figures sum, String prefix) {
    Map<String, Long> named = new TreeMap<>();
    sum.counts()
        .forEach(
            (what, count) -> {
              if (what.startsWith(prefix)) {
                named.put(what.substring(prefix.length()), count);
              }
            });
    return named;
  }

  /**
   * A wait begins with the opening for who had come before it, and is over when the place is let in
   * for the first time.
   */
  private static final String PEOPLE =
      """
      with sessions as materialized (
        select s.*, lag(s.id) over (
            partition by s.epoch, s.sequence order by s.admitted_at) is null as first_of_place,
          greatest(s.arrived_at, (
            select o.opens_at from room_draw o where o.room_id = s.room_id
              and s.epoch between o.first_epoch and o.last_epoch limit 1)) as began
        from room_session s
        where s.room_id = $2 and s.admitted_at >= $3 and s.admitted_at < $4
      ), bought as materialized (
        select s.*, b.here, b.other
        from sessions s left join lateral (
          select bool_or(b.schedule_id = $1) as here, bool_or(b.schedule_id <> $1) as other
          from bill b where b.user_number = s.user_number and b.created_at >= s.admitted_at
            and b.created_at <= coalesce(s.ended_at, 'infinity')) b on true
      ), timed as (
        select b.*,
          greatest(0, extract(epoch from b.admitted_at - b.began) * 1000)::bigint as wait,
          (extract(epoch from b.ended_at - b.admitted_at) * 1000)::bigint as inside
        from bought b
      ), spread as (
        select
          percentile_disc(array[0.5, 0.95, 0.99]) within group (order by wait)
            filter (where first_of_place) as waits,
          percentile_disc(array[0.5, 0.95, 0.99]) within group (order by inside)
            filter (where ended_at is not null) as insides
        from timed
      )
      select count(*) as admitted,
        count(*) filter (where first_of_place) as places,
        count(*) filter (where here) as bought,
        count(*) filter (where here is not true and other) as bought_other,
        count(*) filter (where here is null and returned) as idle,
        count(*) filter (where here is null and ended_at is null) as still_inside,
        count(*) filter (where here is null and ended_at is not null and not returned)
          as left_without,
        count(ended_at) as ended,
        max(s.waits[1]) as wait_p50, max(s.waits[2]) as wait_p95, max(s.waits[3]) as wait_p99,
        round(avg(wait) filter (where first_of_place))::bigint as wait_mean,
        max(s.insides[1]) as inside_p50, max(s.insides[2]) as inside_p95,
        max(s.insides[3]) as inside_p99, round(avg(inside))::bigint as inside_mean
      from timed cross join spread s
      """;

  private static Future<Row> people(SqlConnection connection, ScheduleId schedule, Span span) {
    return Sql.execute(
            connection,
            PEOPLE,
            Tuple.of(schedule.number(), span.room(), utc(span.from()), utc(span.to())))
        .map(rows -> rows.iterator().next());
  }

  /** When a hold began is known as long as the seat wasn't held again. */
  private static final String MONEY =
      "with "
          + BILLS
          + """
      , made as materialized (
        select b.*, c.held_at, c.session_id,
          (extract(epoch from b.created_at - c.held_at) * 1000)::bigint as from_hold
        from bills b left join seat_claim c
          on c.schedule_id = b.schedule_id and c.seat = b.seat and c.hold_id = b.hold_id
        where b.created_at >= $2 and b.created_at < $3
      )
      select count(*) as bills, count(distinct user_number) as buyers,
        coalesce(sum(price), 0)::bigint as taken,
        count(refunded_at) as refunded,
        coalesce(sum(price) filter (where refunded_at is not null), 0)::bigint as given_back,
        percentile_disc(0.5) within group (order by from_hold) as from_hold_p50,
        percentile_disc(0.9) within group (order by from_hold) as from_hold_p90, (
          select round(avg(extract(epoch from f.held_at - s.admitted_at) * 1000))::bigint
          from (
            select session_id, min(held_at) as held_at from made
            where session_id is not null group by session_id) f
          join room_session s on s.id = f.session_id) as to_hold_mean
      from made
      """;

  private static Future<Row> money(SqlConnection connection, ScheduleId schedule, Span span) {
    return Sql.execute(
            connection, MONEY, Tuple.of(schedule.number(), utc(span.from()), utc(span.to())))
        .map(rows -> rows.iterator().next());
  }

  private static final String BY_COUNT =
      "with "
          + BILLS
          + """
      select least(seats, $4)::int as seats, count(*) as buyers from (
        select count(*) as seats from bills where created_at >= $2 and created_at < $3
        group by user_number) each
      group by 1 order by 1
      """;

  private static Future<List<Long>> byCount(
      SqlConnection connection, ScheduleId schedule, Span span) {
    Tuple arguments =
        Tuple.of(schedule.number(), utc(span.from()), utc(span.to()), (long) MOST_SEATS_EACH);
    return Sql.execute(connection, BY_COUNT, arguments)
        .map(
            rows -> {
              List<Long> counts = new ArrayList<>();
              for (Row row : rows) {
                int seats = row.getInteger("seats");
                counts.addAll(Collections.nCopies(seats - counts.size(), 0L));
                counts.set(seats - 1, row.getLong("buyers"));
              }
              return counts;
            });
  }

  private static Spread spread(Row row, String what, String count) {
    return new Spread(
        row.getLong(count),
        millis(row.getLong(what + "_p50")),
        millis(row.getLong(what + "_p95")),
        millis(row.getLong(what + "_p99")),
        millis(row.getLong(what + "_mean")));
  }

  private static OptionalLong millis(@Nullable Long value) {
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }

  static OffsetDateTime utc(Instant time) {
    return time.atOffset(ZoneOffset.UTC);
  }

  private static Instant time(Row row, String column) {
    return row.getOffsetDateTime(column).toInstant();
  }
}
