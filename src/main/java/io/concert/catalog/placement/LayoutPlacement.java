package io.concert.catalog.placement;

import io.concert.catalog.layout.Point;
import io.concert.catalog.layout.SeatPlaces;
import io.concert.catalog.placement.LayoutDraft.Row;
import io.concert.catalog.placement.LayoutDraft.Seat;
import io.concert.catalog.placement.LayoutDraft.Section;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Gives every seat of a plan a place, the same for the same plan at all times.
 *
 * <ol>
 *   <li>All seats have coordinates and no two sections share a point: one plane, taken as it is.
 *       Sections that share points were drawn each by itself (cells counted from 1): their
 *       coordinates say how a section looks, not where it is.
 *   <li>Sections have outlines: seats go into their section's box.
 *   <li>Else sections stand on arcs around the stage in the source's order, and the plan says that
 *       it is schematic.
 * </ol>
 */
public final class LayoutPlacement {
  /** How far above the seats a stage goes that the source doesn't mention, in plan heights. */
  private static final double STAGE_ABOVE = 0.1;

  private LayoutPlacement() {}

  public static SeatPlaces place(LayoutDraft draft) {
    if (onePlane(draft.sections())) {
      return asGiven(draft);
    }
    List<SectionGrid> grids = draft.sections().stream().map(SectionGrid::of).toList();
    if (!draft.outlines().isEmpty()) {
      SeatPlaces places = new OutlinePlacement(draft, grids).place();
      if (places.distinct()) {
        return places;
      }
      // Boxes too small or on top of one another: of no use to anybody who looks for a seat.
    }
    return ArcPlacement.place(grids);
  }

  private static boolean onePlane(List<Section> sections) {
    Map<Point, Section> owners = new HashMap<>();
    for (Section section : sections) {
      for (Row row : section.rows()) {
        for (Seat seat : row.seats()) {
          if (seat.at() == null || owners.put(seat.at(), section) != null) {
            return false;
          }
        }
      }
    }
    return true;
  }

  private static SeatPlaces asGiven(LayoutDraft draft) {
    int[] xs = new int[draft.seats()];
    int[] ys = new int[xs.length];
    var box = new Box();
    int next = 0;
    for (Section section : draft.sections()) {
      for (Row row : section.rows()) {
        for (Seat seat : row.seats()) {
          if (seat.at() != null) {
            box.add(seat.at());
            xs[next] = SeatPlaces.hundredths(seat.at().x());
            ys[next] = SeatPlaces.hundredths(seat.at().y());
            next++;
          }
        }
      }
    }
    return new SeatPlaces(draft.schematic(), draft.stage().orElse(stageAbove(box)), xs, ys);
  }

  static Point stageAbove(Box box) {
    double height = Math.max(box.height(), box.width() / 4);
    return new Point(box.centre().x(), box.min().y() - STAGE_ABOVE * height);
  }
}
