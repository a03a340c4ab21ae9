package io.concert.domain;

import java.util.Optional;

/**
 * A hold, named by the fence with which it began. Written as {@code h} and its number.
 *
 * @param fence drawn from one database sequence while the seat's row was locked, so that a later
 *     hold of the same seat has a greater one
 */
public record HoldId(long fence) {
  private static final String PREFIX = "h";

  /**
   * @return empty unless {@code text} is what {@link #toString} writes
   */
  public static Optional<HoldId> parse(String text) {
    return Ids.parse(PREFIX, text).stream().mapToObj(HoldId::new).findFirst();
  }

  @Override
  public String toString() {
    return PREFIX + fence;
  }
}
