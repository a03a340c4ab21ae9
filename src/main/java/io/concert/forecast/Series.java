package io.concert.forecast;

import java.util.ArrayList;
import java.util.List;

/**
 * A sale at equal steps from its opening. Nobody knows beforehand how long it will last: whenever
 * there are too many points every other one is dropped, and from then on steps are twice as long.
 */
final class Series {
  static final int MOST = 200;

  private static final int FIRST_STEP_MILLIS = 1_000;

  private List<Point> points = new ArrayList<>();
  private int step = FIRST_STEP_MILLIS;
  private int next;

  /** These figures held until now, since the last call. */
  void until(int now, int waiting, int inside, int sold) {
    while (next <= now) {
      points.add(new Point(next, waiting, inside, sold));
      if (points.size() == MOST) {
        thin();
      }
      next = points.get(points.size() - 1).millis() + step;
    }
  }

  private void thin() {
    List<Point> fewer = new ArrayList<>();
    for (int i = 0; i < points.size(); i += 2) {
      fewer.add(points.get(i));
    }
    points = fewer;
    step *= 2;
  }

  /** The points, the last one of which is the end. */
  List<Point> endedAt(int now, int waiting, int inside, int sold) {
    if (!points.isEmpty() && points.get(points.size() - 1).millis() == now) {
      points.remove(points.size() - 1);
    }
    points.add(new Point(now, waiting, inside, sold));
    return List.copyOf(points);
  }
}
