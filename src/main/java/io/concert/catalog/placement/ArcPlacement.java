package io.concert.catalog.placement;

import io.concert.catalog.layout.Point;
import io.concert.catalog.layout.SeatPlaces;
import java.util.ArrayList;
import java.util.List;

/**
 * Sections on arcs around the stage, in the source's order from left to right and from the front to
 * the back: no venue's real shape, but one in which every section is found and none lies on
 * another.
 */
final class ArcPlacement {
  /** Of the plan, so that a seat and a line of text have a size that maps are used to. */
  private static final double SEAT = 10;

  private static final double AISLE = 2;
  private static final double WALKWAY = 3;

  /** An arc from nearly left of the stage to nearly right of it. */
  private static final double WIDEST = Math.toRadians(170);

  private final List<SectionGrid> grids;
  private final int[] xs;
  private final int[] ys;
  private double radius;
  private int placed;

  private ArcPlacement(List<SectionGrid> grids) {
    this.grids = grids;
    int seats = grids.stream().mapToInt(SectionGrid::seats).sum();
    this.xs = new int[seats];
    this.ys = new int[seats];
    // The more seats, the wider the first arc, or a stadium becomes a tower of thin rings.
    this.radius = Math.max(8, 0.6 * Math.sqrt(seats));
  }

  static SeatPlaces place(List<SectionGrid> grids) {
    var arcs = new ArcPlacement(grids);
    int next = 0;
    while (next < grids.size()) {
      next = arcs.placeArc(next);
    }
    return new SeatPlaces(true, new Point(0, 0), arcs.xs, arcs.ys);
  }

  /** Takes as many sections as this arc has room for, and at least one. */
  private int placeArc(int from) {
    List<Double> widths = new ArrayList<>();
    double total = 0;
    double furthest = radius;
    int end = from;
    while (end < grids.size()) {
      SectionGrid grid = grids.get(end);
      double half = (grid.width() + 1 + AISLE) / 2;
      // Widest seen from the stage at its front edge: neighbours that don't meet there don't
      // behind.
      double width = 2 * Math.atan(half / radius);
      if (end > from && total + width > WIDEST) {
        break;
      }
      total += width;
      widths.add(width);
      furthest = Math.max(furthest, Math.hypot(radius + grid.depth(), half));
      end++;
    }
    double angle = -total / 2;
    for (int i = from; i < end; i++) {
      double width = widths.get(i - from);
      placeSection(grids.get(i), angle + width / 2);
      angle += width;
    }
    radius = furthest + WALKWAY;
    return end;
  }

  /**
   * @param angle from straight ahead of the stage, to the right
   */
  private void placeSection(SectionGrid grid, double angle) {
    double sin = Math.sin(angle);
    double cos = Math.cos(angle);
    for (int i = 0; i < grid.seats(); i++) {
      double across = grid.across(i);
      double away = radius + grid.back(i);
      xs[placed] = SeatPlaces.hundredths(SEAT * (away * sin + across * cos));
      ys[placed] = SeatPlaces.hundredths(SEAT * (away * cos - across * sin));
      placed++;
    }
  }
}
