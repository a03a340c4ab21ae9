package io.concert.catalog.placement;

import io.concert.catalog.layout.Point;
import io.concert.catalog.placement.LayoutDraft.Row;
import io.concert.catalog.placement.LayoutDraft.Seat;
import io.concert.catalog.placement.LayoutDraft.Section;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.DoubleStream;

/**
 * A section by itself, seen with the stage above: seat places in units of one seat, {@code across}
 * from -width/2 to width/2 and {@code back} from 0 at the front to depth.
 */
final class SectionGrid {
  /** Longer rows are broken: a standing area of 900 numbered places is no line of 900. */
  private static final int LONGEST_LINE = 64;

  private final double[] across;
  private final double[] back;
  private final double width;
  private final double depth;

  private SectionGrid(double[] across, double[] back, double width, double depth) {
    this.across = across;
    this.back = back;
    this.width = width;
    this.depth = depth;
  }

  /**
   * From the section's own coordinates if the source gives some (the smaller y is nearer to the
   * stage), else row by row, the first in front, each centred.
   */
  static SectionGrid of(Section section) {
    boolean given = section.rows().get(0).seats().get(0).at() != null;
    return given ? fromCells(section) : rowByRow(section);
  }

  private static SectionGrid fromCells(Section section) {
    double[] x = new double[section.seats()];
    double[] y = new double[x.length];
    int next = 0;
    for (Row row : section.rows()) {
      for (Seat seat : row.seats()) {
        Point at = Objects.requireNonNull(seat.at(), "a section has all positions or none");
        x[next] = at.x();
        y[next] = at.y();
        next++;
      }
    }
    toUnits(x);
    toUnits(y);
    return centred(x, y);
  }

  /**
   * Divides by the (lower) median step between neighbouring values: 1 for cells, 22 for pixels.
   * Where outliers make that useless (an extent of many times the number of steps), counts steps.
   */
  private static void toUnits(double[] values) {
    double[] distinct = DoubleStream.of(values).sorted().distinct().toArray();
    if (distinct.length < 2) {
      Arrays.fill(values, 0);
      return;
    }
    double[] steps = new double[distinct.length - 1];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = distinct[i + 1] - distinct[i];
    }
    Arrays.sort(steps);
    double unit = steps[(steps.length - 1) / 2];
    double first = distinct[0];
    boolean sane = (distinct[distinct.length - 1] - first) / unit <= 4.0 * steps.length;
    for (int i = 0; i < values.length; i++) {
      values[i] = sane ? (values[i] - first) / unit : Arrays.binarySearch(distinct, values[i]);
    }
  }

  private static SectionGrid rowByRow(Section section) {
    double[] x = new double[section.seats()];
    double[] y = new double[x.length];
    int next = 0;
    int line = 0;
    for (Row row : section.rows()) {
      int seats = row.seats().size();
      int lines = (seats + LONGEST_LINE - 1) / LONGEST_LINE;
      int each = (seats + lines - 1) / lines;
      for (int i = 0; i < seats; i++) {
        int inLine = Math.min(each, seats - i / each * each);
        x[next] = i % each - (inLine - 1) / 2.0;
        y[next] = line + i / each;
        next++;
      }
      line += lines;
    }
    return centred(x, y);
  }

  private static SectionGrid centred(double[] x, double[] y) {
    double left = DoubleStream.of(x).min().orElse(0);
    double right = DoubleStream.of(x).max().orElse(0);
    double front = DoubleStream.of(y).min().orElse(0);
    double rear = DoubleStream.of(y).max().orElse(0);
    for (int i = 0; i < x.length; i++) {
      x[i] -= (left + right) / 2;
      y[i] -= front;
    }
    return new SectionGrid(x, y, right - left, rear - front);
  }

  int seats() {
    return across.length;
  }

  double across(int seat) {
    return across[seat];
  }

  double back(int seat) {
    return back[seat];
  }

  /** From the leftmost seat's middle to the rightmost's. */
  double width() {
    return width;
  }

  /** From the first row's middle to the last's. */
  double depth() {
    return depth;
  }
}
