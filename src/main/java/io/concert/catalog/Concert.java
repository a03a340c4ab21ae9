package io.concert.catalog;

import io.concert.domain.ConcertId;
import io.concert.domain.RoomId;
import java.time.ZoneId;
import java.util.List;

/**
 * A concert with its dates.
 *
 * @param room the waiting room that opens it
 * @param timeZone the venue's, for showing times
 * @param holdLimit how many seats of one date a person may hold and have bought together
 * @param schedules by start, ascending
 */
public record Concert(
    ConcertId id,
    String title,
    String venue,
    RoomId room,
    ZoneId timeZone,
    int holdLimit,
    List<Schedule> schedules) {
  public Concert {
    schedules = List.copyOf(schedules);
  }
}
