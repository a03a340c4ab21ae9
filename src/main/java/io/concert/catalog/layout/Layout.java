package io.concert.catalog.layout;

import io.concert.domain.SeatId;
import io.concert.domain.Won;
import java.util.List;
import java.util.Optional;

/**
 * The seats of a date: their order, names, places on the plan and prices. Immutable, shared by all
 * dates with the same seats and prices. Whether a seat is free stands elsewhere.
 *
 * <p>Here a seat is its position: sections, rows within them and seats within those follow one
 * another without a gap. Its {@link #index}, which its id and its claim have, is the same number
 * unless the plan was corrected since seats of the date were numbered. Kept in arrays, as a stadium
 * has 40,000 seats and a node many layouts: about 24 bytes a seat beside the number's text.
 */
public final class Layout {
  /** No seats: none were imported yet. */
  public static final Layout EMPTY =
      new Layout(
          "empty",
          false,
          new Point(0, 0),
          List.of(),
          List.of(),
          new String[0],
          new int[0],
          new int[0],
          new short[0],
          SeatIndexes.inOrder(0));

  /** Positions are kept in hundredths, so that what is written is exactly what is read. */
  public static final double PER_UNIT = 100.0;

  private final String version;
  private final boolean schematic;
  private final Point stage;
  private final List<Grade> grades;
  private final List<Section> sections;
  private final String[] numbers;
  private final int[] xs;
  private final int[] ys;
  private final short[] gradeOf;
  private final SeatIndexes indexes;
  private final int[] positions;
  private final Row[] rowOf;
  private final Section[] sectionOf;

  public Layout(
      String version,
      boolean schematic,
      Point stage,
      List<Grade> grades,
      List<Section> sections,
      String[] numbers,
      int[] xs,
      int[] ys,
      short[] gradeOf,
      SeatIndexes indexes) {
    this.version = version;
    this.schematic = schematic;
    this.stage = stage;
    this.grades = List.copyOf(grades);
    this.sections = List.copyOf(sections);
    this.numbers = numbers;
    this.xs = xs;
    this.ys = ys;
    this.gradeOf = gradeOf;
    this.indexes = indexes;
    this.positions = indexes.isInOrder() ? new int[0] : indexes.positions();
    this.rowOf = new Row[numbers.length];
    this.sectionOf = new Section[numbers.length];
    indexRows();
  }

  private void indexRows() {
    int next = 0;
    for (Section section : sections) {
      for (Row row : section.rows()) {
        if (row.first() != next) {
          throw new IllegalArgumentException("rows must follow one another without a gap");
        }
        for (; next < row.end(); next++) {
          rowOf[next] = row;
          sectionOf[next] = section;
        }
      }
    }
    if (next != numbers.length) {
      throw new IllegalArgumentException("a seat outside all rows");
    }
  }

  /** How many seats there are; positions go from 0 to one less. */
  public int seats() {
    return numbers.length;
  }

  /** Whether every seat's index is its position. */
  public boolean isInOrder() {
    return indexes.isInOrder();
  }

  /** What names the seat in its id and in its claim. */
  public int index(int seat) {
    return indexes.index(seat);
  }

  /** Where the seat of this index is, -1 if this plan has none. */
  public int position(int index) {
    if (indexes.isInOrder()) {
      return index < seats() ? index : -1;
    }
    return index < positions.length ? positions[index] : -1;
  }

  /** What stands on the ticket of this seat, empty if it isn't in this plan. */
  public Optional<String> seatNoOf(SeatId seat) {
    int position = position(seat.index());
    return position < 0 ? Optional.empty() : Optional.of(seatNo(position));
  }

  /** Seats that an earlier plan of the date had. */
  public List<SeatIndexes.Retired> retired() {
    return indexes.retired();
  }

  /** A text that names exactly this layout. */
  public String version() {
    return version;
  }

  /** Whether the place of a section on the plan is ours, as the source doesn't give it. */
  public boolean schematic() {
    return schematic;
  }

  public Point stage() {
    return stage;
  }

  /** The grades; a grade's id is its place in this list. */
  public List<Grade> grades() {
    return grades;
  }

  /** The sections, in the order of the seats. */
  public List<Section> sections() {
    return sections;
  }

  /** What stands on the ticket: {@code section-row-seat}, unique in the layout. */
  public String seatNo(int seat) {
    return LayoutNames.seatNo(section(seat).name(), row(seat).name(), numbers[seat]);
  }

  /** The seat's number within its row. */
  public String number(int seat) {
    return numbers[seat];
  }

  public double x(int seat) {
    return xs[seat] / PER_UNIT;
  }

  public double y(int seat) {
    return ys[seat] / PER_UNIT;
  }

  /** The seat's grade as an index into {@link #grades}. */
  public int gradeIndex(int seat) {
    return gradeOf[seat];
  }

  public Grade grade(int seat) {
    return grades.get(gradeOf[seat]);
  }

  public Won price(int seat) {
    return grade(seat).price();
  }

  public Section section(int seat) {
    return sectionOf[seat];
  }

  public Row row(int seat) {
    return rowOf[seat];
  }

  public record Section(String name, List<Row> rows) {
    public Section {
      rows = List.copyOf(rows);
    }
  }

  /**
   * Seats {@code first} to {@code end} (exclusive), neighbours in this order.
   *
   * @param name empty in a standing area
   */
  public record Row(String name, int first, int end) {}
}
