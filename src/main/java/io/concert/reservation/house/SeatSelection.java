package io.concert.reservation.house;

import io.concert.catalog.layout.Layout;
import io.concert.catalog.layout.Layout.Row;
import io.concert.catalog.layout.Layout.Section;
import io.concert.catalog.layout.NameForm;
import io.concert.domain.SeatId;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Seats of a date as an operator names them. */
public sealed interface SeatSelection {
  /** One by one. A seat that is named twice counts once. */
  record Seats(List<SeatId> seats) implements SeatSelection {
    public Seats {
      seats = List.copyOf(seats);
    }
  }

  /** All seats of a section. */
  record WholeSection(String section) implements SeatSelection {}

  /** All seats of some rows. */
  record Rows(String section, List<String> rows) implements SeatSelection {
    public Rows {
      rows = List.copyOf(rows);
    }
  }

  /** All seats of the rows between two in the plan's order, these included, whichever is first. */
  record RowRange(String section, String fromRow, String toRow) implements SeatSelection {}

  /** The seats between two of a row in the plan's order, these included, whichever is first. */
  record SeatRange(String section, String row, String from, String to) implements SeatSelection {}

  /** What a selection comes to on a plan. */
  sealed interface Resolved {}

  /**
   * @param indexes each once
   */
  record Found(List<Integer> indexes) implements Resolved {
    public Found {
      indexes = List.copyOf(indexes);
    }
  }

  /**
   * The plan has no such seats.
   *
   * @param what is missing, in words for who has named it
   */
  record Unknown(String what) implements Resolved {}

  /** The seats that a plan has of this. */
  default Resolved on(Layout layout) {
    if (this instanceof Seats named) {
      return each(named.seats, layout);
    } else if (this instanceof WholeSection whole) {
      return in(layout, whole.section, section -> all(section.rows(), layout));
    } else if (this instanceof Rows some) {
      return in(layout, some.section, section -> rows(some, section, layout));
    } else if (this instanceof RowRange range) {
      return in(layout, range.section, section -> rows(range, section, layout));
    }
    SeatRange range = (SeatRange) this;
    return in(layout, range.section, section -> seats(range, section, layout));
  }

  private static Resolved each(List<SeatId> seats, Layout layout) {
    List<Integer> indexes = seats.stream().map(SeatId::index).distinct().toList();
    return indexes.stream()
        .filter(index -> layout.position(index) < 0)
        .findFirst()
        .<Resolved>map(
            index -> new Unknown("the plan has no seat " + seats.get(0).schedule() + "-" + index))
        .orElseGet(() -> new Found(indexes));
  }

  private static Resolved in(Layout layout, String name, Function<Section, Resolved> seats) {
    return layout.sections().stream()
        .filter(section -> isNamed(section.name(), name))
        .findFirst()
        .map(seats)
        .orElseGet(() -> new Unknown("there is no section \"" + name + "\""));
  }

  private static Resolved all(List<Row> rows, Layout layout) {
    return new Found(
        rows.stream()
            .flatMap(row -> IntStream.range(row.first(), row.end()).boxed())
            .map(layout::index)
            .toList());
  }

  private static boolean isNamed(String name, String asked) {
    return NameForm.of(name).equals(NameForm.of(asked));
  }

  private static int indexOf(String asked, List<String> names) {
    return names.stream().map(NameForm::of).toList().indexOf(NameForm.of(asked));
  }

  private static Unknown noRow(Section section, String row) {
    return new Unknown("section \"" + section.name() + "\" has no row \"" + row + "\"");
  }

  private static Resolved rows(Rows named, Section section, Layout layout) {
    Map<String, Row> byName = new HashMap<>();
    section.rows().forEach(row -> byName.put(NameForm.of(row.name()), row));
    Set<Row> rows = new LinkedHashSet<>();
    for (String name : named.rows) {
      Row row = byName.get(NameForm.of(name));
      if (row == null) {
        return noRow(section, name);
      }
      rows.add(row);
    }
    return all(List.copyOf(rows), layout);
  }

  private static Resolved rows(RowRange range, Section section, Layout layout) {
    List<String> names = section.rows().stream().map(Row::name).toList();
    int from = indexOf(range.fromRow, names);
    int to = indexOf(range.toRow, names);
    if (from < 0 || to < 0) {
      return noRow(section, from < 0 ? range.fromRow : range.toRow);
    }
    return all(section.rows().subList(Math.min(from, to), Math.max(from, to) + 1), layout);
  }

  private static Resolved seats(SeatRange range, Section section, Layout layout) {
    Optional<Row> found =
        section.rows().stream().filter(row -> isNamed(row.name(), range.row)).findFirst();
    if (found.isEmpty()) {
      return noRow(section, range.row);
    }
    Row row = found.get();
    List<String> numbers =
        IntStream.range(row.first(), row.end()).mapToObj(layout::number).toList();
    int from = indexOf(range.from, numbers);
    int to = indexOf(range.to, numbers);
    if (from < 0 || to < 0) {
      return new Unknown(
          "row \"%s\" of section \"%s\" has no seat \"%s\""
              .formatted(range.row, range.section, from < 0 ? range.from : range.to));
    }
    return new Found(
        IntStream.rangeClosed(row.first() + Math.min(from, to), row.first() + Math.max(from, to))
            .mapToObj(layout::index)
            .toList());
  }
}
