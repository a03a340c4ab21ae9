package io.concert.reservation.best;

import io.concert.catalog.layout.Layout;
import io.concert.catalog.layout.Layout.Row;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

/** Places without rows: who is near whom. */
final class StandingPlaces {
  private final Layout layout;
  private final int first;

  /** The places from left to right, so that a search ends where all others are further away. */
  private final int[] fromLeft;

  /** Where a place stands in that order. */
  private final int[] position;

  StandingPlaces(Layout layout, Row area) {
    this.layout = layout;
    first = area.first();
    fromLeft =
        IntStream.range(area.first(), area.end())
            .boxed()
            .sorted(Comparator.comparingDouble(layout::x))
            .mapToInt(place -> place)
            .toArray();
    position = new int[fromLeft.length];
    for (int i = 0; i < fromLeft.length; i++) {
      position[fromLeft[i] - first] = i;
    }
  }

  private record Near(int place, double distance) {}

  /**
   * @return the place and the free ones nearest to it, {@code count} in all or as many as there
   *     are, in the layout's order
   */
  List<Integer> nearest(int place, int count, BitSet free) {
    var furthestFirst =
        new PriorityQueue<Near>(
            Comparator.comparingDouble(Near::distance).thenComparingInt(Near::place).reversed());
    int left = position[place - first];
    int right = left + 1;
    while (left >= 0 || right < fromLeft.length) {
      boolean goLeft =
          right == fromLeft.length || (left >= 0 && across(left, place) <= across(right, place));
      int at = goLeft ? left-- : right++;
      if (furthestFirst.size() == count && across(at, place) > furthestFirst.element().distance()) {
        break;
      }
      if (free.get(fromLeft[at])) {
        furthestFirst.add(new Near(fromLeft[at], distance(fromLeft[at], place)));
        if (furthestFirst.size() > count) {
          furthestFirst.remove();
        }
      }
    }
    return furthestFirst.stream().map(Near::place).sorted().toList();
  }

  private double across(int at, int place) {
    return Math.abs(layout.x(fromLeft[at]) - layout.x(place));
  }

  private double distance(int one, int other) {
    return Math.hypot(layout.x(one) - layout.x(other), layout.y(one) - layout.y(other));
  }
}
