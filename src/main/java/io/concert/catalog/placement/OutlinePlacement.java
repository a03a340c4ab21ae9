package io.concert.catalog.placement;

import io.concert.catalog.layout.Point;
import io.concert.catalog.layout.SeatPlaces;
import io.concert.catalog.placement.LayoutDraft.Outline;
import io.concert.catalog.placement.LayoutDraft.Section;
import io.concert.catalog.placement.SectionShape.Hull;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.DoubleStream;

/**
 * Puts sections into their boxes on the plan.
 *
 * <p>A box is all that is known of an outline, and boxes of slanting sections overlap at their
 * corners. So each section is turned to face the stage, made as large as its box allows, and where
 * two still overlap both close up a little until none do. Sections without a box go to the nearest
 * free spot to their neighbours in the file; the plan is schematic then.
 */
final class OutlinePlacement {
  /** A row takes more room than a seat. */
  private static final double ROW_TO_SEAT = 1.3;

  private static final double GIVE_WAY = 0.97;
  private static final int ROUNDS = 200;

  /** How far apart sections of one stand are at most, as a part of the plan's diagonal. */
  private static final double SAME_STAND = 0.25;

  private final LayoutDraft draft;
  private final List<SectionGrid> grids;
  private final Facing facing;
  private final double size;

  /** By the section's place in the file. */
  private final TreeMap<Integer, SectionShape> shapes = new TreeMap<>();

  OutlinePlacement(LayoutDraft draft, List<SectionGrid> grids) {
    this.draft = draft;
    this.grids = grids;
    this.facing = Facing.of(draft.outlines().values(), draft.stage());
    this.size = Math.hypot(facing.plan().width(), facing.plan().height());
  }

  SeatPlaces place() {
    List<Section> sections = draft.sections();
    for (int i = 0; i < sections.size(); i++) {
      Outline outline = draft.outlines().get(sections.get(i).name());
      if (outline != null) {
        shapes.put(i, fill(grids.get(i), outline));
      }
    }
    makeRoom();
    boolean allOutlined = shapes.size() == sections.size();
    placeTheRest();
    return seats(draft.schematic() || !allOutlined);
  }

  /** As large as its box allows when turned to face the stage. */
  private SectionShape fill(SectionGrid grid, Outline outline) {
    double width = outline.max().x() - outline.min().x();
    double height = outline.max().y() - outline.min().y();
    var middle =
        new Point(
            (outline.min().x() + outline.max().x()) / 2,
            (outline.min().y() + outline.max().y()) / 2);
    Point away = facing.away(middle);
    double cos = Math.abs(away.y());
    double sin = Math.abs(away.x());
    double seats = grid.width() + 1;
    double rows = grid.depth() + 1;
    // The box of a rectangle w by h turned by an angle is w cos + h sin by w sin + h cos. Near 45
    // degrees that can't be solved for w and h; then the shape follows from seats and rows.
    double det = cos * cos - sin * sin;
    double w = (width * cos - height * sin) / det;
    double h = (height * cos - width * sin) / det;
    double shape = w * rows * ROW_TO_SEAT / (h * seats);
    if (Math.abs(det) > 0.6 && w > 0 && h > 0 && shape > 0.4 && shape < 2.5) {
      return new SectionShape(grid, middle, away, w / seats, h / rows);
    }
    double deep = rows * ROW_TO_SEAT;
    double step = Math.min(width / (seats * cos + deep * sin), height / (seats * sin + deep * cos));
    return new SectionShape(grid, middle, away, step, step * ROW_TO_SEAT);
  }

  private void makeRoom() {
    List<SectionShape> all = List.copyOf(shapes.values());
    boolean crowded = true;
    for (int round = 0; crowded && round < ROUNDS; round++) {
      crowded = false;
      List<Hull> outlines = new ArrayList<>(all.stream().map(SectionShape::outline).toList());
      for (int i = 0; i < all.size(); i++) {
        for (int j = 0; j < i; j++) {
          if (outlines.get(i).overlaps(outlines.get(j))) {
            crowded = true;
            all.get(i).giveWay(all.get(j), GIVE_WAY);
            all.get(j).giveWay(all.get(i), GIVE_WAY);
            outlines.set(i, all.get(i).outline());
            outlines.set(j, all.get(j).outline());
          }
        }
      }
    }
  }

  private void placeTheRest() {
    List<SectionShape> outlined = List.copyOf(shapes.values());
    double seatStep = median(outlined.stream().mapToDouble(SectionShape::seatStep));
    double rowStep = median(outlined.stream().mapToDouble(SectionShape::rowStep));
    List<Hull> taken = new ArrayList<>(outlined.stream().map(SectionShape::outline).toList());
    var anchors = new TreeMap<>(shapes);
    for (int i = 0; i < grids.size(); i++) {
      if (!shapes.containsKey(i)) {
        var start = between(anchors, i);
        SectionShape shape = nearestFree(grids.get(i), start, seatStep, rowStep, taken);
        shapes.put(i, shape);
        taken.add(shape.outline());
      }
    }
  }

  private static double median(DoubleStream values) {
    double[] sorted = values.sorted().toArray();
    return sorted[sorted.length / 2];
  }

  /**
   * Halfway between the neighbours in the file that have a box; beside the one before if those are
   * in different stands.
   */
  private Point between(NavigableMap<Integer, SectionShape> anchors, int section) {
    var before = anchors.floorEntry(section);
    var after = anchors.ceilingEntry(section);
    Point one = (before == null ? anchors.firstEntry() : before).getValue().middle();
    Point other = (after == null ? anchors.lastEntry() : after).getValue().middle();
    boolean near = Math.hypot(one.x() - other.x(), one.y() - other.y()) < size * SAME_STAND;
    Point half = new Point((one.x() + other.x()) / 2, (one.y() + other.y()) / 2);
    return near ? half : before == null ? other : one;
  }

  /**
   * Looks on growing circles, never nearer to the stage than the start: the floor before the stage
   * is free on every plan, but nobody sits there.
   */
  private SectionShape nearestFree(
      SectionGrid grid, Point start, double seatStep, double rowStep, List<Hull> taken) {
    double nearest = facing.distance(start) - 1e-6;
    double circle = 0;
    while (true) {
      int spots = circle == 0 ? 1 : 48;
      for (int spot = 0; spot < spots; spot++) {
        double angle = Math.PI * 2 * spot / spots;
        var at =
            new Point(start.x() + circle * Math.cos(angle), start.y() + circle * Math.sin(angle));
        if (facing.distance(at) >= nearest) {
          var shape = new SectionShape(grid, at, facing.away(at), seatStep, rowStep);
          Hull outline = shape.outline();
          if (taken.stream().noneMatch(other -> outline.overlaps(other))) {
            return shape;
          }
        }
      }
      // Ends: far enough outside the plan nothing is taken.
      circle += size / 400 + circle / 50;
    }
  }

  private SeatPlaces seats(boolean schematic) {
    int[] xs = new int[draft.seats()];
    int[] ys = new int[xs.length];
    int next = 0;
    for (int i = 0; i < grids.size(); i++) {
      SectionShape shape = shapes.get(i);
      if (shape == null) {
        throw new IllegalStateException("a section without a place");
      }
      for (int seat = 0; seat < grids.get(i).seats(); seat++) {
        Point at = shape.place(seat);
        xs[next] = SeatPlaces.hundredths(at.x());
        ys[next] = SeatPlaces.hundredths(at.y());
        next++;
      }
    }
    return new SeatPlaces(schematic, facing.stage(), xs, ys);
  }

  /**
   * Where the stage is and how sections look at it. If the middle of the plan is free it is an
   * arena: the stage stands there, and sections face a line along the longer axis, as stands around
   * a pitch do. Otherwise the stage is above and all rows are level.
   *
   * @param plan around all boxes
   * @param reach half the length of that line; negative if there is no arena
   */
  private record Facing(Box plan, Point stage, double reach) {
    /** Nearly upright and nearly level sections are taken to be so. */
    private static final double SNAP = Math.sin(Math.toRadians(14));

    static Facing of(Collection<Outline> outlines, Optional<Point> given) {
      var plan = new Box();
      for (Outline outline : outlines) {
        plan.add(outline.min());
        plan.add(outline.max());
      }
      Point centre = plan.centre();
      boolean arena = outlines.stream().noneMatch(outline -> contains(outline, centre));
      if (!arena) {
        return new Facing(plan, given.orElse(LayoutPlacement.stageAbove(plan)), -1);
      }
      return new Facing(plan, given.orElse(centre), Math.abs(plan.width() - plan.height()) / 2);
    }

    private static boolean contains(Outline outline, Point point) {
      return outline.min().x() <= point.x()
          && point.x() <= outline.max().x()
          && outline.min().y() <= point.y()
          && point.y() <= outline.max().y();
    }

    /** The point that a section there looks at. */
    private Point target(Point from) {
      if (reach < 0) {
        return new Point(from.x(), stage.y());
      }
      Point centre = plan.centre();
      return plan.width() >= plan.height()
          ? new Point(clamp(from.x(), centre.x()), centre.y())
          : new Point(centre.x(), clamp(from.y(), centre.y()));
    }

    private double clamp(double value, double middle) {
      return Math.max(middle - reach, Math.min(middle + reach, value));
    }

    double distance(Point from) {
      Point target = target(from);
      return Math.hypot(from.x() - target.x(), from.y() - target.y());
    }

    Point away(Point from) {
      Point target = target(from);
      double distance = distance(from);
      if (distance == 0) {
        return new Point(0, 1);
      }
      double x = (from.x() - target.x()) / distance;
      double y = (from.y() - target.y()) / distance;
      if (Math.abs(x) < SNAP) {
        return new Point(0, Math.signum(y));
      }
      return Math.abs(y) < SNAP ? new Point(Math.signum(x), 0) : new Point(x, y);
    }
  }
}
