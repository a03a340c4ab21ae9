package io.concert.catalog.placement;

import io.concert.catalog.layout.Point;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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

  Hull outline() {
    return new Hull(gridHull.stream().map(corner -> place(corner.x(), corner.y())).toList());
  }

  /** A convex shape on the plan. */
  static final class Hull {
    private final List<Point> corners;
    private final Box box = new Box();

    private Hull(List<Point> corners) {
      this.corners = corners;
      corners.forEach(box::add);
    }

    /** Separating axis theorem: two convex shapes are apart if a side of one of them parts them. */
    boolean overlaps(Hull other) {
      return box.meets(other.box) && !partedBySide(other) && !other.partedBySide(this);
    }

    private boolean partedBySide(Hull other) {
      for (int i = 0; i < corners.size(); i++) {
        Point a = corners.get(i);
        Point b = corners.get((i + 1) % corners.size());
        if (other.beyond(a, b)) {
          return true;
        }
      }
      return false;
    }

    private boolean beyond(Point a, Point b) {
      for (Point corner : corners) {
        if (cross(a, b, corner) > 0) {
          return false;
        }
      }
      return true;
    }
  }

  /** Positive if p lies on the inner side of a to b, for corners in the order of {@link #hull}. */
  private static double cross(Point a, Point b, Point p) {
    return (b.x() - a.x()) * (p.y() - a.y()) - (b.y() - a.y()) * (p.x() - a.x());
  }

  /** The grid's convex hull with half a seat around it (Andrew's monotone chain). */
  private static List<Point> hull(SectionGrid grid) {
    // The ends of each line of seats are enough.
    Map<Double, Double> left = new TreeMap<>();
    Map<Double, Double> right = new TreeMap<>();
    for (int i = 0; i < grid.seats(); i++) {
      left.merge(grid.back(i), grid.across(i) - 0.5, Math::min);
      right.merge(grid.back(i), grid.across(i) + 0.5, Math::max);
    }
    List<Point> corners = new ArrayList<>();
    for (var ends : List.of(left, right)) {
      ends.forEach(
          (back, across) -> {
            corners.add(new Point(across, back - 0.5));
            corners.add(new Point(across, back + 0.5));
          });
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
