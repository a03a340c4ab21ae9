package io.concert.http.holds;

import static io.concert.http.web.JsonBody.malformed;

import io.concert.catalog.Schedule;
import io.concert.catalog.layout.Layout;
import io.concert.catalog.layout.NameForm;
import io.concert.domain.SeatId;
import io.concert.http.web.JsonFields;
import io.concert.http.web.ProblemException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * Several seats of one schedule as a client asks for them: by name, or so many side by side.
 *
 * @param seatIds empty if a number of seats is asked for
 * @param count 0 if seats are named
 */
public record SeatChoice(
    String scheduleId, List<String> seatIds, int count, Optional<String> section) {
  /** As many as the seat map takes at once; the limit of a concert is mostly far below. */
  public static final int MOST = 100;

  private static final int LONGEST = 64;
  private static final int LONGEST_SECTION = 200;

  /** The whole body is this. */
  static SeatChoice read(JsonFields fields) {
    String schedule = fields.text("scheduleId", LONGEST);
    Optional<List<String>> seats = fields.optionalTexts("seatIds", MOST, LONGEST);
    var count = fields.optionalWhole("count");
    Optional<String> section = fields.optionalText("section", LONGEST_SECTION);
    fields.end();
    if (seats.isPresent() == count.isPresent()) {
      throw malformed("Either `seatIds` or `count` is needed.");
    }
    if (section.isPresent() && seats.isPresent()) {
      throw malformed("`section` goes with `count`.");
    }
    if (count.isPresent() && (count.getAsLong() < 1 || count.getAsLong() > MOST)) {
      throw malformed("`count` must be 1 to " + MOST + ".");
    }
    return new SeatChoice(schedule, seats.orElse(List.of()), (int) count.orElse(0), section);
  }

  boolean named() {
    return count == 0;
  }

  /**
   * @return the named seats, in the order asked
   * @throws ProblemException MALFORMED unless they are seats of this schedule, each named once
   */
  List<SeatId> seatsOf(Schedule schedule) {
    List<SeatId> seats =
        seatIds.stream().map(seat -> new SeatRequest(scheduleId, seat).seatOf(schedule)).toList();
    if (new HashSet<>(seats).size() < seats.size()) {
      throw malformed("A seat is named twice.");
    }
    return seats;
  }

  /**
   * @return the section that is asked for, as the plan writes it
   * @throws ProblemException MALFORMED if it isn't in the plan
   */
  Optional<String> sectionOf(Layout layout) {
    return section.map(
        asked ->
            layout.sections().stream()
                .map(Layout.Section::name)
                .filter(name -> NameForm.of(name).equals(NameForm.of(asked)))
                .findFirst()
                .orElseThrow(() -> malformed("No such `section`.")));
  }
}
