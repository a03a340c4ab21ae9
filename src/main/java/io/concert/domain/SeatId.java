package io.concert.domain;

import java.util.Optional;

/**
 * A seat of one schedule. Written as the schedule, a dash and the index: {@code s12-345}. The
 * schedule is part of it, so that a seat of another date is an unknown seat and not the wrong one.
 *
 * @param index zero-based, for good; the place in the layout's order, unless the plan was corrected
 */
public record SeatId(ScheduleId schedule, int index) implements Comparable<SeatId> {
  /**
   * @return empty unless {@code text} is what {@link #toString} writes
   */
  public static Optional<SeatId> parse(String text) {
    int dash = text.indexOf('-');
    if (dash < 0) {
      return Optional.empty();
    }
    var index =
        Ids.parse("", text.substring(dash + 1)).stream().filter(n -> n <= Integer.MAX_VALUE);
    return ScheduleId.parse(text.substring(0, dash))
        .flatMap(
            schedule -> index.mapToObj(n -> new SeatId(schedule, Math.toIntExact(n))).findFirst());
  }

  /** Schedule, then index: the order in which rows are locked. */
  @Override
  public int compareTo(SeatId other) {
    int bySchedule = Long.compare(schedule.number(), other.schedule.number());
    return bySchedule != 0 ? bySchedule : Integer.compare(index, other.index);
  }

  @Override
  public String toString() {
    return schedule + "-" + index;
  }
}
