package io.concert.catalog.layout;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Finds seats near each other without comparing all with all. */
public final class SeatIndex {
  private final Layout layout;
  private final double cell;
  private final Map<Long, List<Integer>> cells = new HashMap<>();

  public SeatIndex(Layout layout) {
    this.layout = layout;
    this.cell = stepInRow();
    for (int seat = 0; seat < layout.seats(); seat++) {
      cells.computeIfAbsent(cellOf(seat, 0, 0), key -> new ArrayList<>()).add(seat);
    }
  }

  /** Wide enough that neighbours in a row are in the same cell or the next, on every real plan. */
  private double stepInRow() {
    return distance(0, 1) * 2.5;
  }

  private long cellOf(int seat, int right, int down) {
    long column = (long) Math.floor(layout.x(seat) / cell) + right;
    long line = (long) Math.floor(layout.y(seat) / cell) + down;
    return column * 10_000_019 + line;
  }

  private List<Integer> near(int seat) {
    List<Integer> found = new ArrayList<>();
    for (int right = -1; right <= 1; right++) {
      for (int down = -1; down <= 1; down++) {
        found.addAll(cells.getOrDefault(cellOf(seat, right, down), List.of()));
      }
    }
    found.remove(Integer.valueOf(seat));
    return found;
  }

  private double distance(int one, int other) {
    return Math.hypot(layout.x(one) - layout.x(other), layout.y(one) - layout.y(other));
  }

  public double nearestTwo() {
    double nearest = Double.MAX_VALUE;
    for (int seat = 0; seat < layout.seats(); seat++) {
      for (int other : near(seat)) {
        nearest = Math.min(nearest, distance(seat, other));
      }
    }
    return nearest;
  }

  /** Seats of other sections that stand nearer to the middle of two neighbours than they do. */
  public long strangersBetweenNeighbours() {
    Set<Integer> strangers = new TreeSet<>();
    for (int seat = 0; seat + 1 < layout.seats(); seat++) {
      if (layout.row(seat).equals(layout.row(seat + 1))) {
        double x = (layout.x(seat) + layout.x(seat + 1)) / 2;
        double y = (layout.y(seat) + layout.y(seat + 1)) / 2;
        double half = distance(seat, seat + 1) / 2;
        for (int other : near(seat)) {
          if (!layout.section(other).name().equals(layout.section(seat).name())
              && Math.hypot(layout.x(other) - x, layout.y(other) - y) < half) {
            strangers.add(other);
          }
        }
      }
    }
    return strangers.size();
  }
}
