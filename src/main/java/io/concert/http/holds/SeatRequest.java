package io.concert.http.holds;

import static io.concert.http.web.JsonBody.malformed;

import io.concert.catalog.Schedule;
import io.concert.catalog.layout.Layout;
import io.concert.domain.SeatId;
import io.concert.http.web.JsonFields;
import io.concert.http.web.ProblemException;

/** One seat of one schedule, as a client names it. */
public record SeatRequest(String scheduleId, String seatId) {
  private static final int LONGEST = 64;

  /** Takes the two members; the caller goes on with those that it knows itself. */
  public static SeatRequest take(JsonFields fields) {
    return new SeatRequest(fields.text("scheduleId", LONGEST), fields.text("seatId", LONGEST));
  }

  /** The whole body is these two. */
  public static SeatRequest read(JsonFields fields) {
    SeatRequest asked = take(fields);
    fields.end();
    return asked;
  }

  /**
   * @throws ProblemException MALFORMED unless it is a seat of this schedule, or was one in an
   *     earlier plan: those are for nobody
   */
  public SeatId seatOf(Schedule schedule) {
    return SeatId.parse(seatId)
        .filter(seat -> seat.schedule().equals(schedule.id()) && seat.index() < schedule.indexEnd())
        .orElseThrow(() -> malformed("No such seat in this schedule."));
  }

  /**
   * @throws ProblemException MALFORMED for a seat that the plan doesn't have any more
   */
  public static void requireIn(Layout layout, SeatId seat) {
    if (layout.position(seat.index()) < 0) {
      throw malformed("No such seat in this schedule.");
    }
  }
}
