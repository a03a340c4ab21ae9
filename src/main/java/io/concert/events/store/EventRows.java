package io.concert.events.store;

import io.concert.domain.BillId;
import io.concert.domain.HoldId;
import io.concert.domain.RoomId;
import io.concert.domain.ScheduleId;
import io.concert.domain.SeatId;
import io.concert.domain.UserId;
import io.concert.domain.Won;
import io.concert.events.api.Event;
import io.concert.events.api.EventCursor;
import io.concert.events.api.EventKind;
import io.vertx.sqlclient.Row;
import java.util.Optional;

/** Reads rows of the table {@code event}. */
final class EventRows {
  static final String COLUMNS =
      "e.cursor, e.kind, e.at, e.schedule_id, e.room_id, e.seat, e.user_number, e.bill_id,"
          + " e.hold_id, e.price";

  private EventRows() {}

  static Event event(Row row) {
    Optional<ScheduleId> schedule =
        Optional.ofNullable(row.getLong("schedule_id")).map(ScheduleId::new);
    return new Event(
        new EventCursor(row.getLong("cursor")),
        EventKind.ofCode(row.getInteger("kind")),
        row.getOffsetDateTime("at").toInstant(),
        schedule,
        Optional.ofNullable(row.getString("room_id")).map(RoomId::new),
        schedule.flatMap(
            date ->
                Optional.ofNullable(row.getInteger("seat")).map(seat -> new SeatId(date, seat))),
        Optional.ofNullable(row.getLong("user_number")).map(UserId::new),
        Optional.ofNullable(row.getLong("bill_id")).map(BillId::new),
        Optional.ofNullable(row.getLong("hold_id")).map(HoldId::new),
        Optional.ofNullable(row.getLong("price")).map(Won::new));
  }
}
