package io.concert.catalog.placement;

import io.concert.catalog.layout.Point;

/** The smallest upright rectangle around points. Mutable: it grows with each. */
final class Box {
  private double left = Double.POSITIVE_INFINITY;
  private double top = Double.POSITIVE_INFINITY;
  private double right = Double.NEGATIVE_INFINITY;
  private double bottom = Double.NEGATIVE_INFINITY;

  void add(Point point) {
    left = Math.min(left, point.x());
    right = Math.max(right, point.x());
    top = Math.min(top, point.y());
    bottom = Math.max(bottom, point.y());
  }

  double width() {
    return right - left;
  }

  double height() {
    return bottom - top;
  }

  Point min() {
    return new Point(left, top);
  }

  Point max() {
    return new Point(right, bottom);
  }

  Point centre() {
    return new Point((left + right) / 2, (top + bottom) / 2);
  }

  boolean meets(Box other) {
    return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
  }
}
