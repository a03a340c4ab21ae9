package io.concert.domain;

import java.util.Optional;

/** One date of a concert: the thing that has seats. Written as {@code s} and its number. */
public record ScheduleId(long number) {
  private static final String PREFIX = "s";

  /**
   * @return empty unless {@code text} is what {@link #toString} writes
   */
  public static Optional<ScheduleId> parse(String text) {
    return Ids.parse(PREFIX, text).stream().mapToObj(ScheduleId::new).findFirst();
  }

  @Override
  public String toString() {
    return PREFIX + number;
  }
}
