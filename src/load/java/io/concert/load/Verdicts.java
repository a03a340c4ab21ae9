package io.concert.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Figures beside the limits that they have to keep, as a table to print. */
public final class Verdicts {
  private final List<Row> rows = new ArrayList<>();

  /**
   * @param margin 1 and more keeps the limit
   */
  private record Row(String figure, String measured, String limit, double margin) {}

  /** A figure that must not be less than its limit. */
  public void atLeast(String figure, double measured, double limit, String unit) {
    add(figure, measured, limit, unit, measured / limit);
  }

  /** A figure that must not be more than its limit. */
  public void atMost(String figure, double measured, double limit, String unit) {
    add(figure, measured, limit, unit, limit / measured);
  }

  /** A count that nothing is demanded of. */
  public void counted(String figure, long count, String unit) {
    rows.add(new Row(figure, "%,d %s".formatted(count, unit), "", Double.NaN));
  }

  /** A figure that nothing is demanded of. */
  public void given(String figure, double measured, String unit) {
    rows.add(new Row(figure, text(measured, unit), "", Double.NaN));
  }

  private void add(String figure, double measured, double limit, String unit, double margin) {
    rows.add(new Row(figure, text(measured, unit), text(limit, unit), margin));
  }

  private static String text(double value, String unit) {
    String number = value == Math.rint(value) || value >= 1_000 ? "%,.0f %s" : "%,.1f %s";
    return number.formatted(value, unit);
  }

  /** The table; a ratio of 1 and more keeps the limit, whichever way it points. */
  @Override
  public String toString() {
    StringBuilder table = new StringBuilder();
    line(table, "figure", "measured", "limit", "ratio");
    for (Row row : rows) {
      boolean free = Double.isNaN(row.margin());
      String ratio =
          free ? "" : "%.2f%s".formatted(row.margin(), row.margin() < 1 ? "  MISSED" : "");
      line(table, row.figure(), row.measured(), row.limit(), ratio);
    }
    return table.toString();
  }

  /** Whether a line of output belongs to a table: one begins with its columns' names. */
  static boolean isTable(String line, boolean begun) {
    return (line.startsWith("figure ") && line.contains("measured"))
        || (begun && line.length() > 60);
  }

  private static void line(
      StringBuilder table, String figure, String measured, String limit, String ratio) {
    table.append(
        String.format(Locale.ROOT, "%-52s %18s %16s  %s%n", figure, measured, limit, ratio));
  }
}
