package io.concert.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Figures beside the limits that they have to keep, as a table to print. */
public final class Verdicts {
  /** Names the file that the rows are left in for {@link Benches}; not set without it. */
  static final String ROWS = "bench.rows";

  private final List<Row> rows = new ArrayList<>();
  private boolean failed;

  /** A figure that must not be less than its limit. */
  public void atLeast(String figure, double measured, double limit, String unit) {
    atLeast(figure, Spread.of(measured), limit, unit);
  }

  /** A figure whose median must not be less than its limit. */
  public void atLeast(String figure, Spread measured, double limit, String unit) {
    rows.add(new Row(figure, measured, unit, Row.Aim.MORE, limit));
  }

  /** A figure that must not be more than its limit. */
  public void atMost(String figure, double measured, double limit, String unit) {
    atMost(figure, Spread.of(measured), limit, unit);
  }

  /** A figure whose median must not be more than its limit. */
  public void atMost(String figure, Spread measured, double limit, String unit) {
    rows.add(new Row(figure, measured, unit, Row.Aim.LESS, limit));
  }

  /** A count that nothing is demanded of. */
  public void counted(String figure, long count, String unit) {
    rows.add(new Row(figure, Spread.of((double) count), unit, Row.Aim.NONE, Double.NaN));
  }

  /** A count without which the other figures are worth nothing: any, and the benchmark failed. */
  public void none(String figure, long count) {
    counted(figure, count, "");
    failed |= count > 0;
  }

  /** A figure that nothing is demanded of. */
  public void given(String figure, double measured, String unit) {
    given(figure, Spread.of(measured), unit);
  }

  /** A figure that nothing is demanded of. */
  public void given(String figure, Spread measured, String unit) {
    rows.add(new Row(figure, measured, unit, Row.Aim.ofUnit(unit), Double.NaN));
  }

  /**
   * Prints the table.
   *
   * @param headline what was measured
   * @return what the process has to end with: 0, or 1 if something went wrong that mustn't
   */
  public int publish(String headline) {
    System.out.printf("%n%s%n%s", headline, this);
    if (failed) {
      System.out.println("FAILED: there were errors, so these figures count for nothing");
    }
    String file = System.getProperty(ROWS);
    if (file != null && !failed) {
      try {
        Files.write(Path.of(file), rows.stream().map(Row::toLine).toList());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return failed ? 1 : 0;
  }

  /** The table; a ratio of 1 and more keeps the limit, whichever way it points. */
  @Override
  public String toString() {
    StringBuilder table = new StringBuilder();
    line(table, "figure", "measured", "least, most", "limit", "ratio");
    for (Row row : rows) {
      String missed = row.keepsLimit() ? "" : "  MISSED";
      line(table, row.figure(), row.median(), row.spread(), row.limitText(), row.ratio() + missed);
    }
    return table.toString();
  }

  /** Whether a line of output belongs to a table: one begins with its columns' names. */
  static boolean isTable(String line, boolean begun) {
    return (line.startsWith("figure ") && line.contains("measured"))
        || (begun && line.length() > 60);
  }

  private static void line(
      StringBuilder table,
      String figure,
      String measured,
      String spread,
      String limit,
      String ratio) {
    table.append(
        String.format(
            Locale.ROOT, "%-52s %18s %20s %16s  %s%n", figure, measured, spread, limit, ratio));
  }
}
