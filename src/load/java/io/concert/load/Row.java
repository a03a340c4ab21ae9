package io.concert.load;

import java.util.List;
import java.util.Locale;

/**
 * One figure of a benchmark.
 *
 * @param limit NaN if there is none
 */
record Row(String figure, Spread measured, String unit, Aim aim, double limit) {
  private static final String SEPARATOR = "\t";

  /** Which way is better. */
  enum Aim {
    MORE,
    LESS,
    NONE;

    /** Rates should be high, durations and memory low; of others it isn't known. */
    static Aim ofUnit(String unit) {
      if (unit.endsWith("/s")) {
        return MORE;
      }
      boolean cost = List.of("ms", "µs", "s", "bytes", "MB").contains(unit.split(" ", 2)[0]);
      return cost ? LESS : NONE;
    }
  }

  private boolean isFree() {
    return Double.isNaN(limit);
  }

  boolean keepsLimit() {
    return isFree() || margin() >= 1;
  }

  private double margin() {
    return aim == Aim.MORE ? measured.median() / limit : limit / measured.median();
  }

  String ratio() {
    return isFree() ? "" : String.format(Locale.ROOT, "%.2f", margin());
  }

  String median() {
    return number(measured.median()) + " " + unit;
  }

  String limitText() {
    return isFree() ? "" : number(limit) + " " + unit;
  }

  /** Empty for a figure that was measured once. */
  String spread() {
    return measured.isWide() ? number(measured.least()) + " - " + number(measured.most()) : "";
  }

  private static String number(double value) {
    String pattern = value == Math.rint(value) || value >= 1_000 ? "%,.0f" : "%,.1f";
    return String.format(
        Locale.ROOT, value < 10 && value != Math.rint(value) ? "%.2f" : pattern, value);
  }

  /**
   * How much better this is than the same figure before, in percent; negative if it is worse, NaN
   * if nobody can say.
   */
  double betterThan(double before) {
    if (aim == Aim.NONE || before == 0) {
      return Double.NaN;
    }
    double change = 100 * (measured.median() - before) / before;
    return aim == Aim.LESS ? -change : change;
  }

  /** For {@link #ofLine}. */
  String toLine() {
    return String.join(
        SEPARATOR,
        figure,
        unit,
        aim.name(),
        Double.toString(measured.median()),
        Double.toString(measured.least()),
        Double.toString(measured.most()),
        Double.toString(limit));
  }

  static Row ofLine(String line) {
    String[] cells = line.split(SEPARATOR, -1);
    Spread measured =
        new Spread(
            Double.parseDouble(cells[3]),
            Double.parseDouble(cells[4]),
            Double.parseDouble(cells[5]));
    return new Row(
        cells[0], measured, cells[1], Aim.valueOf(cells[2]), Double.parseDouble(cells[6]));
  }
}
