package io.concert.catalog;

import io.concert.catalog.document.LayoutDocument;
import io.concert.domain.ConcertId;
import io.concert.domain.RoomId;
import io.concert.domain.ScheduleId;
import io.concert.domain.Won;
import io.concert.postgres.Sql;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** All concerts and dates at one moment. Immutable. */
final class CatalogSnapshot {
  private final Map<ConcertId, Concert> concerts = new LinkedHashMap<>();
  private final Map<ScheduleId, Schedule> schedules = new HashMap<>();
  private final Map<ScheduleId, Long> layouts = new HashMap<>();
  private final List<Concert> inOrder;

  private static final String ALL =
      """
      select c.id as concert, c.title, c.venue, c.room_id, c.time_zone, c.hold_limit,
        s.id as schedule, s.starts_at, s.opens_at, s.closes_at, s.refund_until, s.state,
        l.id as layout, l.digest, l.seats, l.index_end, l.price_from
      from concert c
        left join schedule s on s.concert_id = c.id
        left join layout l on l.id = s.layout_id
      order by c.id, s.starts_at, s.id
      """;

  static Future<CatalogSnapshot> read(Sql sql) {
    return sql.query(ALL, Tuple.tuple()).map(CatalogSnapshot::new);
  }

  private CatalogSnapshot(RowSet<Row> rows) {
    Map<Long, List<Schedule>> dates = new HashMap<>();
    Map<Long, Row> firstRows = new LinkedHashMap<>();
    for (Row row : rows) {
      Long concert = row.getLong("concert");
      firstRows.putIfAbsent(concert, row);
      if (row.getLong("schedule") != null) {
        dates.computeIfAbsent(concert, id -> new ArrayList<>()).add(addSchedule(row));
      }
    }
    firstRows.forEach(
        (id, row) ->
            concerts.put(new ConcertId(id), concert(row, dates.getOrDefault(id, List.of()))));
    inOrder = List.copyOf(concerts.values());
  }

  private Schedule addSchedule(Row row) {
    var id = new ScheduleId(row.getLong("schedule"));
    Integer seats = row.getInteger("seats");
    Integer indexEnd = row.getInteger("index_end");
    Long layout = row.getLong("layout");
    var schedule =
        new Schedule(
            id,
            new ConcertId(row.getLong("concert")),
            new RoomId(row.getString("room_id")),
            row.getInteger("hold_limit"),
            row.getOffsetDateTime("starts_at").toInstant(),
            time(row.getOffsetDateTime("opens_at")),
            time(row.getOffsetDateTime("closes_at")),
            time(row.getOffsetDateTime("refund_until")),
            SaleSwitch.ofCode(row.getInteger("state")),
            seats == null ? 0 : seats,
            indexEnd == null ? OptionalInt.empty() : OptionalInt.of(indexEnd),
            Optional.ofNullable(row.getBuffer("digest")).map(LayoutDocument::version),
            Optional.ofNullable(row.getLong("price_from")).map(Won::new));
    schedules.put(id, schedule);
    if (layout != null) {
      layouts.put(id, layout);
    }
    return schedule;
  }

  private static Concert concert(Row row, List<Schedule> dates) {
    return new Concert(
        new ConcertId(row.getLong("concert")),
        row.getString("title"),
        row.getString("venue"),
        new RoomId(row.getString("room_id")),
        ZoneId.of(row.getString("time_zone")),
        row.getInteger("hold_limit"),
        dates);
  }

  private static Optional<Instant> time(@Nullable OffsetDateTime time) {
    return Optional.ofNullable(time).map(OffsetDateTime::toInstant);
  }

  List<Concert> concerts() {
    return inOrder;
  }

  Optional<Concert> concert(ConcertId id) {
    return Optional.ofNullable(concerts.get(id));
  }

  Optional<Schedule> schedule(ScheduleId id) {
    return Optional.ofNullable(schedules.get(id));
  }

  /** The database's id of the layout, empty if the date has none or isn't known. */
  Optional<Long> layoutOf(ScheduleId id) {
    return Optional.ofNullable(layouts.get(id));
  }
}
