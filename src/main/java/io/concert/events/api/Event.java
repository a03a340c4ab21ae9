package io.concert.events.api;

import io.concert.domain.BillId;
import io.concert.domain.HoldId;
import io.concert.domain.RoomId;
import io.concert.domain.ScheduleId;
import io.concert.domain.SeatId;
import io.concert.domain.UserId;
import io.concert.domain.Won;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/**
 * Something that has happened and was committed. Names people by their public number only.
 *
 * @param cursor its id, too
 * @param at when it was judged to be so, by the database's clock
 * @param schedule the date that it is about; empty for events of a room
 * @param room the room that it is about; empty for events of a date
 */
public record Event(
    EventCursor cursor,
    EventKind kind,
    Instant at,
    Optional<ScheduleId> schedule,
    Optional<RoomId> room,
    Optional<SeatId> seat,
    Optional<UserId> user,
    Optional<BillId> bill,
    Optional<HoldId> hold,
    Optional<Won> price) {
  private static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /** As it is listed and delivered; what it doesn't have is left out. */
  public JsonObject json() {
    JsonObject json =
        new JsonObject()
            .put("id", cursor.toString())
            .put("kind", kind.text())
            .put("at", MILLIS.format(at));
    schedule.ifPresent(it -> json.put("scheduleId", it.toString()));
    room.ifPresent(it -> json.put("room", it.name()));
    seat.ifPresent(it -> json.put("seatId", it.toString()));
    user.ifPresent(it -> json.put("user", it.number()));
    bill.ifPresent(it -> json.put("billId", it.toString()));
    hold.ifPresent(it -> json.put("holdId", it.toString()));
    price.ifPresent(it -> json.put("price", it.amount()));
    return json;
  }
}
