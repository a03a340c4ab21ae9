package io.concert.http;

import static io.concert.http.JsonBody.malformed;

import io.concert.catalog.Schedule;
import io.concert.domain.SeatId;

/** One seat of one schedule, as a client names it. */
record SeatRequest(String scheduleId, String seatId) {
  private static final int LONGEST = 64;

  /** Takes the two members; the caller goes on with those that it knows itself. */
  static SeatRequest take(Fields fields) {
    return new SeatRequest(fields.text("scheduleId", LONGEST), fields.text("seatId", LONGEST));
  }

  /** The whole body is these two. */
  static SeatRequest read(Fields fields) {
    SeatRequest asked = take(fields);
    fields.end();
    return asked;
  }

  /**
   * @throws ProblemException MALFORMED unless it is a seat of this schedule
   */
  SeatId seatOf(Schedule schedule) {
    return SeatId.parse(seatId)
        .filter(seat -> seat.schedule().equals(schedule.id()) && seat.index() < schedule.seats())
        .orElseThrow(() -> malformed("No such seat in this schedule."));
  }
}
