package io.concert.catalog.placement;

import io.concert.catalog.layout.Grade;
import io.concert.catalog.layout.Point;
import io.concert.catalog.reader.LayoutCsv;
import io.concert.catalog.reader.LayoutJson;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A seat plan as its source gives it: complete in sections, rows, seats and grades, but perhaps
 * without positions. Made by {@link LayoutCsv} or {@link LayoutJson}, which check it.
 *
 * @param sections, their rows and the seats in the order of the seats' indexes
 * @param outlines the boxes of sections on the plan, by section name; may be empty or partial
 * @param stage where the source puts the stage
 * @param schematic whether the source itself says that its positions aren't the venue's
 */
public record LayoutDraft(
    List<Grade> grades,
    List<Section> sections,
    Map<String, Outline> outlines,
    Optional<Point> stage,
    boolean schematic) {
  public LayoutDraft {
    grades = List.copyOf(grades);
    sections = List.copyOf(sections);
    outlines = Map.copyOf(outlines);
  }

  /** How many seats there are. */
  public int seats() {
    return sections.stream().mapToInt(Section::seats).sum();
  }

  public record Section(String name, List<Row> rows) {
    public Section {
      rows = List.copyOf(rows);
    }

    public int seats() {
      return rows.stream().mapToInt(row -> row.seats().size()).sum();
    }
  }

  /**
   * @param name may be empty: a standing area has numbered places but no rows
   */
  public record Row(String name, List<Seat> seats) {
    public Row {
      seats = List.copyOf(seats);
    }
  }

  /**
   * @param at null if the source gives none
   * @param grade index into the grades
   */
  public record Seat(String no, @Nullable Point at, int grade) {}

  /** A section's bounding box on the plan. */
  public record Outline(Point min, Point max) {}
}
