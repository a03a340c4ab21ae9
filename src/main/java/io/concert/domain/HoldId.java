package io.concert.domain;

/**
 * A hold, named by the fence with which it began. Written as {@code h} and its number.
 *
 * @param fence drawn from one database sequence while the seat's row was locked, so that a later
 *     hold of the same seat has a greater one
 */
public record HoldId(long fence) {
  @Override
  public String toString() {
    return "h" + fence;
  }
}
