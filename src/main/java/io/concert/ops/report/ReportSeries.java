package io.concert.ops.report;

import io.concert.domain.RoomId;
import io.concert.domain.ScheduleId;
import io.concert.postgres.Sql;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is known of a sale's steps: those that the nodes wrote, and what the books say of each. */
final class ReportSeries {
  private final SqlConnection connection;
  private final ScheduleId schedule;
  private final String room;
  private final Instant from;
  private final Instant to;

  ReportSeries(
      SqlConnection connection, ScheduleId schedule, String room, Instant from, Instant to) {
    this.connection = connection;
    this.schedule = schedule;
    this.room = room;
    this.from = from;
    this.to = to;
  }

  /**
   * Counts are summed over nodes and steps. Of several levels in a step the last is taken, and of
   * those of one moment any: two nodes tell of the same only while one takes it over.
   */
  private static final String STEPS =
      """
      with steps as materialized (
        select date_bin(make_interval(secs => $4), at, $2) as bin, at, node, counts, levels
        from report_step where subject = any ($1) and at >= $2 and at < $3
      ), sums as (
        select bin, jsonb_object_agg(key, sum) as counts from (
          select s.bin, e.key, sum(e.value::bigint)::bigint as sum
          from steps s cross join jsonb_each_text(s.counts) e group by s.bin, e.key) each
        group by bin
      ), lasts as (
        select bin, jsonb_object_agg(key, value) as levels from (
          select distinct on (s.bin, e.key) s.bin, e.key, e.value::bigint as value
          from steps s cross join jsonb_each_text(s.levels) e
          order by s.bin, e.key, s.at desc, s.node) each
        group by bin
      ), before as (
        select jsonb_object_agg(key, value) as levels from (
          select distinct on (e.key) e.key, e.value::bigint as value
          from report_step s cross join jsonb_each_text(s.levels) e
          where s.subject = any ($1) and s.at < $2 and s.at >= $2 - interval '1 day'
          order by e.key, s.at desc, s.node) each
      )
      select $2 - interval '1 second' as bin, null as counts, levels from before
      union all
      select bin, counts, levels from sums full join lasts using (bin)
      order by bin
      """;

  private static final String BOOKS =
      """
      select date_bin(make_interval(secs => $5), at, $3) as bin,
        jsonb_build_object('paid', nullif(sum(paid), 0), 'refunded', nullif(sum(refunded), 0),
          'admitted', nullif(sum(admitted), 0)) as counts,
        null::jsonb as levels
      from (
        select created_at as at, 1 as paid, 0 as refunded, 0 as admitted
        from bill where schedule_id = $1 and refunded_at is null
        union all
        select created_at, 1, 0, 0 from bill where schedule_id = $1 and refunded_at is not null
        union all
        select refunded_at, 0, 1, 0 from bill where schedule_id = $1 and refunded_at is not null
        union all
        select admitted_at, 0, 0, 1 from room_session
        where room_id = $2 and admitted_at >= $3 and admitted_at < $4) booked
      where at >= $3 and at < $4
      group by 1 order by 1
      """;

  Future<Void> fill(Timeline timeline) {
    double seconds = timeline.step().toSeconds();
    String[] subjects = {TallyBoard.subject(schedule), TallyBoard.subject(new RoomId(room))};
    Tuple span = Tuple.of(subjects, SaleReports.utc(from), SaleReports.utc(to), seconds);
    Tuple booked =
        Tuple.of(schedule.number(), room, SaleReports.utc(from), SaleReports.utc(to), seconds);
    return Sql.execute(connection, STEPS, span)
        .onSuccess(rows -> add(timeline, rows))
        .compose(done -> Sql.execute(connection, BOOKS, booked))
        .onSuccess(rows -> add(timeline, rows))
        .mapEmpty();
  }

  private static void add(Timeline timeline, RowSet<Row> rows) {
    for (Row row : rows) {
      timeline.add(
          row.getOffsetDateTime("bin").toInstant(),
          new Figures(figures(row.getJsonObject("counts")), figures(row.getJsonObject("levels"))));
    }
  }

  private static Map<String, Long> figures(@Nullable JsonObject found) {
    Map<String, Long> figures = new TreeMap<>();
    if (found != null) {
      for (String what : found.fieldNames()) {
        Long value = found.getLong(what);
        if (value != null) {
          figures.put(what, value);
        }
      }
    }
    return figures;
  }
}
