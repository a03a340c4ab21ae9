package io.concert.catalog.reader;

import io.concert.catalog.layout.Grade;
import io.concert.catalog.layout.LayoutNames;
import io.concert.catalog.layout.Point;
import io.concert.catalog.placement.LayoutDraft;
import io.concert.catalog.placement.LayoutDraft.Outline;
import io.concert.catalog.placement.LayoutDraft.Row;
import io.concert.catalog.placement.LayoutDraft.Seat;
import io.concert.catalog.placement.LayoutDraft.Section;
import io.concert.catalog.reader.ImportResult.Imported;
import io.concert.domain.Won;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Puts a plan together from seats as they come, whatever the file's format, and checks what needs
 * more than one seat to be seen. Sections, rows and seats stand in the order of their first
 * appearance, so the same file always gives the same indexes.
 */
final class LayoutBuilder {
  static final int MAX_SEATS = 100_000;
  static final int MAX_GRADES = 100;

  private final ImportErrors errors;
  private final Map<String, Map<String, List<Seat>>> sections = new LinkedHashMap<>();
  private final Map<String, Named> seatNos = new HashMap<>();
  private final Map<String, Integer> gradeIndexes = new HashMap<>();
  private final List<Grade> grades = new ArrayList<>();
  private int seats;

  /** What a seat number was made of, and where. */
  private record Named(String section, String row, String number, Supplier<String> where) {}

  LayoutBuilder(ImportErrors errors) {
    this.errors = errors;
  }

  boolean full() {
    return seats > MAX_SEATS;
  }

  /**
   * @return the grade's index, also when it is refused for having two prices
   */
  int grade(String name, Won price, Supplier<String> where) {
    Integer known = gradeIndexes.get(name);
    if (known == null) {
      if (grades.size() == MAX_GRADES) {
        errors.add(where.get(), "more than " + MAX_GRADES + " grades");
        return 0;
      }
      grades.add(new Grade(name, price));
      gradeIndexes.put(name, grades.size() - 1);
      return grades.size() - 1;
    }
    Won first = grades.get(known).price();
    if (!first.equals(price)) {
      errors.add(
          where.get(),
          "grade '%s' costs %d here and %d before".formatted(name, price.amount(), first.amount()));
    }
    return known;
  }

  /**
   * @param where says where that stands; asked only if something is wrong, as putting a hundred
   *     thousand such texts together takes longer than reading the file
   */
  void seat(
      String section,
      String row,
      String number,
      @Nullable Point at,
      int grade,
      Supplier<String> where) {
    if (++seats > MAX_SEATS) {
      errors.add(where.get(), "more than " + MAX_SEATS + " seats");
      return;
    }
    var named = new Named(section, row, number, where);
    String seatNo = LayoutNames.seatNo(section, row, number);
    Named before = seatNos.putIfAbsent(seatNo, named);
    if (before != null) {
      errors.add(where.get(), clash(seatNo, before, named));
      return;
    }
    sections
        .computeIfAbsent(section, name -> new LinkedHashMap<>())
        .computeIfAbsent(row, name -> new ArrayList<>())
        .add(new Seat(number, at, grade));
  }

  private static String clash(String seatNo, Named before, Named now) {
    boolean same =
        before.section.equals(now.section)
            && before.row.equals(now.row)
            && before.number.equals(now.number);
    return same
        ? "seat '%s' stands at %s already".formatted(seatNo, before.where.get())
        : "joined with dashes it reads '%s', as another seat at %s does"
            .formatted(seatNo, before.where.get());
  }

  ImportResult finish(Map<String, Outline> outlines, Optional<Point> stage, boolean schematic) {
    if (seats == 0 && errors.none()) {
      errors.add("file", "no seats");
    }
    sections.forEach(this::checkPositions);
    if (!errors.none()) {
      return errors.rejected();
    }
    List<Section> made = new ArrayList<>(sections.size());
    sections.forEach((name, rows) -> made.add(section(name, rows)));
    return new Imported(new LayoutDraft(grades, made, outlines, stage, schematic));
  }

  private static Section section(String name, Map<String, List<Seat>> rows) {
    return new Section(
        name, rows.entrySet().stream().map(row -> new Row(row.getKey(), row.getValue())).toList());
  }

  /** All seats of a section have a position or none has, and no two have the same. */
  private void checkPositions(String name, Map<String, List<Seat>> rows) {
    Set<Point> taken = new HashSet<>();
    boolean someWithout = false;
    for (List<Seat> row : rows.values()) {
      for (Seat seat : row) {
        Point at = seat.at();
        if (at == null) {
          someWithout = true;
        } else if (!taken.add(at)) {
          errors.add(
              "section '" + name + "'",
              "two seats stand at x %s, y %s (positions are kept to 0.01)"
                  .formatted(at.x(), at.y()));
        }
      }
    }
    if (someWithout && !taken.isEmpty()) {
      errors.add("section '" + name + "'", "some seats have x and y and some don't");
    }
  }
}
