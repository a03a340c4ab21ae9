package io.concert.catalog.reader;

import io.concert.catalog.layout.Grade;
import io.concert.catalog.layout.Point;
import io.concert.catalog.placement.LayoutDraft.Outline;
import io.concert.domain.Won;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a seat plan from CSV with the header {@code section,row,seat_no,x,y,grade,price}, in any
 * order of columns, one line a seat. The row may be empty (standing places), x and y together, and
 * grade and price together where a default is given.
 */
public final class LayoutCsv {
  private static final List<String> SEAT_COLUMNS =
      List.of("section", "row", "seat_no", "x", "y", "grade", "price");
  private static final List<String> OUTLINE_COLUMNS =
      List.of("section", "seats", "cx", "cy", "min_x", "min_y", "max_x", "max_y");

  private final ImportErrors errors = new ImportErrors();
  private final LayoutBuilder builder = new LayoutBuilder(errors);
  private final Optional<Grade> unpriced;

  /** A plan has few, and each of them many times. */
  private final Map<String, Optional<Won>> prices = new HashMap<>();

  private LayoutCsv(Optional<Grade> unpriced) {
    this.unpriced = unpriced;
  }

  /**
   * @param seats UTF-8
   * @param outlines a second file with sections' boxes on the plan, header {@code
   *     section,seats,cx,cy,min_x,min_y,max_x,max_y}; the seats are counted against the first
   * @param unpriced the grade of seats that have neither grade nor price; empty refuses them
   */
  public static ImportResult read(
      byte[] seats, Optional<byte[]> outlines, Optional<Grade> unpriced) {
    return new LayoutCsv(unpriced).read(seats, outlines);
  }

  private ImportResult read(byte[] seats, Optional<byte[]> outlines) {
    Map<String, Integer> counts = new HashMap<>();
    CsvLines.read(
        seats,
        "",
        SEAT_COLUMNS,
        errors,
        line -> {
          readSeat(line);
          if (outlines.isPresent()) {
            counts.merge(line.get("section"), 1, Integer::sum);
          }
          return !builder.full();
        });
    Map<String, Outline> boxes = new HashMap<>();
    outlines.ifPresent(
        file ->
            CsvLines.read(
                file,
                "outlines, ",
                OUTLINE_COLUMNS,
                errors,
                line -> {
                  readOutline(line, counts, boxes);
                  return true;
                }));
    return builder.finish(boxes, Optional.empty(), false);
  }

  private void readSeat(CsvLines.Line line) {
    String section = name(line, "section");
    String row = name(line, "row");
    String number = name(line, "seat_no");
    if (section.isEmpty()) {
      errors.add(line.at("section"), "empty");
    }
    if (number.isEmpty()) {
      errors.add(line.at("seat_no"), "empty");
    }
    Point at = position(line);
    int grade = grade(line);
    if (!section.isEmpty() && !number.isEmpty()) {
      builder.seat(section, row, number, at, grade, line.where());
    }
  }

  private String name(CsvLines.Line line, String column) {
    String name = line.get(column);
    ImportText.nameProblem(name).ifPresent(problem -> errors.add(line.at(column), problem));
    return name;
  }

  private @Nullable Point position(CsvLines.Line line) {
    boolean withX = !line.get("x").isEmpty();
    boolean withY = !line.get("y").isEmpty();
    if (withX != withY) {
      errors.add(line.at(withX ? "y" : "x"), withX ? "empty, but x is given" : "empty, but y is");
      return null;
    }
    return withX ? new Point(number(line, "x"), number(line, "y")) : null;
  }

  private double number(CsvLines.Line line, String column) {
    var number = ImportText.position(line.get(column));
    if (number.isEmpty()) {
      errors.add(
          line.at(column),
          "'%s' isn't a number between -%2$d and %2$d"
              .formatted(line.get(column), ImportText.MAX_POSITION));
    }
    return number.orElse(0);
  }

  private int grade(CsvLines.Line line) {
    String grade = name(line, "grade");
    String price = line.get("price");
    if (grade.isEmpty() && price.isEmpty() && unpriced.isPresent()) {
      return builder.grade(unpriced.get().name(), unpriced.get().price(), () -> line.at("price"));
    }
    if (grade.isEmpty()) {
      errors.add(line.at("grade"), "empty, and no default grade was given with the import");
    }
    if (price.isEmpty()) {
      errors.add(line.at("price"), "empty, and no default price was given with the import");
    }
    if (grade.isEmpty() || price.isEmpty()) {
      return 0;
    }
    Optional<Won> won = prices.computeIfAbsent(price, ImportText::price);
    if (won.isEmpty()) {
      errors.add(
          line.at("price"),
          "'%s' isn't a whole number of won from 0 to %d".formatted(price, ImportText.MAX_PRICE));
      return 0;
    }
    return builder.grade(grade, won.get(), () -> line.at("price"));
  }

  /** A section may stand there without a box: then it is placed beside its neighbours. */
  private void readOutline(
      CsvLines.Line line, Map<String, Integer> counts, Map<String, Outline> boxes) {
    String section = line.get("section");
    int seats = counts.getOrDefault(section, 0);
    if (seats == 0) {
      errors.add(line.at("section"), "no seat is in section '%s'".formatted(section));
    } else if (!line.get("seats").equals(Integer.toString(seats))) {
      errors.add(line.at("seats"), "the section has " + seats + " seats");
    }
    List<String> box = List.of("min_x", "min_y", "max_x", "max_y");
    if (box.stream().allMatch(column -> line.get(column).isEmpty())) {
      return;
    }
    var min = new Point(number(line, "min_x"), number(line, "min_y"));
    var max = new Point(number(line, "max_x"), number(line, "max_y"));
    if (min.x() >= max.x() || min.y() >= max.y()) {
      errors.add(line.where().get(), "the box of section '%s' has no area".formatted(section));
    }
    if (boxes.put(section, new Outline(min, max)) != null) {
      errors.add(line.at("section"), "section '%s' stands there twice".formatted(section));
    }
  }
}
