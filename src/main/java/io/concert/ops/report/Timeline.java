package io.concert.ops.report;

import io.concert.ops.report.SaleReport.Point;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A sale at equal steps, from what is known of some of them: counts of a step that isn't known are
 * none, its levels those of the step before.
 */
final class Timeline {
  static final int MOST_POINTS = 2_160;

  /** In seconds; one of them fits any time that a database keeps. */
  private static final List<Integer> STEPS =
      List.of(10, 20, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400);

  private final Instant from;
  private final Instant to;
  private final Duration step;
  private final TreeMap<Instant, Figures> known = new TreeMap<>();

  /**
   * @param from the beginning of a step
   * @param to after it
   */
  Timeline(Instant from, Instant to) {
    this.from = from;
    this.to = to;
    this.step = step(from, to);
  }

  /** Ten seconds, or as much more as it takes to have no more than {@link #MOST_POINTS}. */
  static Duration step(Instant from, Instant to) {
    long seconds = Duration.between(from, to).toSeconds();
    for (int step : STEPS) {
      if (-Math.floorDiv(-seconds, step) <= MOST_POINTS) {
        return Duration.ofSeconds(step);
      }
    }
    return Duration.ofSeconds(-Math.floorDiv(-seconds, MOST_POINTS));
  }

  Duration step() {
    return step;
  }

  /**
   * Adds what is known of a time; what is before the beginning says what there was at it.
   *
   * @param figures later ones after earlier ones
   */
  void add(Instant at, Figures figures) {
    if (at.isBefore(from)) {
      known.merge(Instant.MIN, new Figures(Map.of(), figures.levels()), Figures::then);
    } else if (at.isBefore(to)) {
      long steps = Duration.between(from, at).dividedBy(step);
      known.merge(from.plus(step.multipliedBy(steps)), figures, Figures::then);
    }
  }

  /** Of all steps together. */
  Figures sum() {
    return known.values().stream().reduce(Figures.NONE, Figures::then);
  }

  List<Point> points() {
    List<Point> points = new ArrayList<>();
    Figures last = known.getOrDefault(Instant.MIN, Figures.NONE);
    for (Instant at = from; at.isBefore(to); at = at.plus(step)) {
      Figures here = known.getOrDefault(at, Figures.NONE);
      last = new Figures(Map.of(), last.then(here).levels());
      points.add(new Point(at, last.levels(), here.counts()));
    }
    return points;
  }
}
