package io.concert.http;

import static io.concert.http.JsonBody.malformed;

import io.concert.catalog.Layout;
import io.concert.catalog.Schedule;
import io.concert.domain.SeatId;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * Several seats of one schedule as a client asks for them: by name, or so many side by side.
 *
 * @param seatIds empty if a number of seats is asked for
 * @param count 0 if seats are named
 */
record SeatChoice(String scheduleId, List<String> seatIds, int count, Optional<String> section) {
  /** As many as the seat map takes at once; the limit of a concert is mostly far below. */
  static final int MOST = 100;

  private static final int LONGEST = 64;
  private static final int LONGEST_SECTION = 200;

  /** The whole body is this. */
  static SeatChoice read(Fields fields) {
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
   * @throws ProblemException MALFORMED if the section that is asked for isn't in the plan
   */
  void requireSection(Layout layout) {
    boolean known =
        section.isEmpty()
            || layout.sections().stream().anyMatch(one -> one.name().equals(section.get()));
    if (!known) {
      throw malformed("No such `section`.");
    }
  }
}
