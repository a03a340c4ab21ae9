package io.concert.catalog;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * A section laid on the plan: its grid turned to face the stage, stretched, and put down with its
 * middle at a point. Mutable while sections make room for each other.
 */
final class SectionShape {
  private final SectionGrid grid;
  private final List<Point> gridHull;
  private final Point middle;

  /** Unit vector from the stage to the section; the rows' direction is square to it. */
  private final Point away;

  private double seatStep;
  private double rowStep;

  SectionShape(SectionGrid grid, Point middle, Point away, double seatStep, double rowStep) {
    this.grid = grid;
    this.gridHull = hull(grid);
    this.middle = middle;
    this.away = away;
    this.seatStep = seatStep;
    this.rowStep = rowStep;
  }

  Point middle() {
    return middle;
  }

  double seatStep() {
    return seatStep;
  }

  double rowStep() {
    return rowStep;
  }

  Point place(int seat) {
    return place(grid.across(seat), grid.back(seat));
  }

  private Point place(double across, double back) {
    double u = across * seatStep;
    double v = (back - grid.depth() / 2) * rowStep;
    return new Point(
        middle.x() + u * away.y() + v * away.x(), middle.y() - u * away.x() + v * away.y());
  }

  /** Moves seats or rows together, whichever makes more room towards the other section. */
  void giveWay(SectionShape other, double factor) {
    double dx = other.middle.x() - middle.x();
    double dy = other.middle.y() - middle.y();
    double sideways = Math.abs(dx * away.y() - dy * away.x()) / ((grid.width() + 1) * seatStep);
    double lengthways = Math.abs(dx * away.x() + dy * away.y()) / ((grid.depth() + 1) * rowStep);
    if (sideways >= lengthways) {
      seatStep *= factor;
    } else {
      rowStep *= factor;
    }
  }

  List<Point> outline() {
    return gridHull.stream().map(corner -> place(corner.x(), corner.y())).toList();
  }

  /** Separating axis theorem: two convex shapes are apart if a side of one of them parts them. */
  static boolean overlap(List<Point> one, List<Point> other) {
    return box(one).meets(box(other)) && !partedBySide(one, other) && !partedBySide(other, one);
  }

  private static Box box(List<Point> points) {
    var box = new Box();
    points.forEach(box::add);
    return box;
  }

  private static boolean partedBySide(List<Point> sides, List<Point> other) {
    for (int i = 0; i < sides.size(); i++) {
      Point a = sides.get(i);
      Point b = sides.get((i + 1) % sides.size());
      if (other.stream().allMatch(p -> cross(a, b, p) <= 0)) {
        return true;
      }
    }
    return false;
  }

  /** Positive if p lies on the inner side of a to b, for corners in the order of {@link #hull}. */
  private static double cross(Point a, Point b, Point p) {
    return (b.x() - a.x()) * (p.y() - a.y()) - (b.y() - a.y()) * (p.x() - a.x());
  }

  /** The grid's convex hull with half a seat around it (Andrew's monotone chain). */
  private static List<Point> hull(SectionGrid grid) {
    List<Point> corners = new ArrayList<>();
    for (int i = 0; i < grid.seats(); i++) {
      for (double side : new double[] {-0.5, 0.5}) {
        corners.add(new Point(grid.across(i) + side, grid.back(i) - 0.5));
        corners.add(new Point(grid.across(i) + side, grid.back(i) + 0.5));
      }
    }
    corners.sort(Comparator.comparingDouble(Point::x).thenComparingDouble(Point::y));
    List<Point> hull = new ArrayList<>();
    for (int pass = 0; pass < 2; pass++) {
      int start = hull.size();
      for (Point corner : corners) {
        while (hull.size() >= start + 2
            && cross(hull.get(hull.size() - 2), hull.get(hull.size() - 1), corner) <= 0) {
          hull.remove(hull.size() - 1);
        }
        hull.add(corner);
      }
      hull.remove(hull.size() - 1);
      Collections.reverse(corners);
    }
    return hull;
  }
}
