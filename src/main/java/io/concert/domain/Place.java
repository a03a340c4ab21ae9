package io.concert.domain;

import java.util.Comparator;

/**
 * Where somebody stands in a waiting room.
 *
 * @param epoch how often the room was rebuilt from nothing before this place was given
 * @param sequence rank of arrival within the epoch, from 0
 */
public record Place(int epoch, long sequence) implements Comparable<Place> {
  private static final Comparator<Place> ORDER =
      Comparator.comparingInt(Place::epoch).thenComparingLong(Place::sequence);

  /** Earlier epochs go first: who was in line before a loss stays ahead of who came after it. */
  @Override
  public int compareTo(Place other) {
    return ORDER.compare(this, other);
  }
}
