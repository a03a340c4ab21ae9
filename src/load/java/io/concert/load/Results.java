package io.concert.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The figures that the benchmarks left at their last run, as a page of Markdown with a section
 * each. A run is compared with the one before it, so both should come from the same machine.
 */
final class Results {
  /** A figure that got worse by more, and lies outside what the rounds before showed, is told. */
  private static final double TOLD_PERCENT = 5;

  private static final String HEAD =
      """
      # Results

      What the benchmarks measured when they were run last, each on the machine and at the commit
      that stand above its table. The command writes this page: see [Measure](../../README.md#measure).
      *Least* and *most* are those of the rounds. *Change* is against the run before, in percent,
      positive where it is better; it says nothing if that was another machine.
      """;

  private static final String COLUMNS =
      "| figure | unit | median | least | most | limit | change |\n|---|---|--:|--:|--:|--:|--:|\n";

  private static final Pattern SECTION = Pattern.compile("## (.+)");
  private static final Pattern ROW =
      Pattern.compile(
          "\\| (?<figure>[^|]+) \\| (?<unit>[^|]*) \\| (?<median>[-0-9.E]+) \\| (?<least>[-0-9.E]+)"
              + " \\| (?<most>[-0-9.E]+) \\|.*");

  /** By benchmark. */
  private final Map<String, List<String>> sections = new TreeMap<>();

  private Results() {}

  /** Empty if there is no such file. */
  static Results read(Path file) throws IOException {
    Results results = new Results();
    List<String> section = new ArrayList<>();
    for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
      Matcher title = SECTION.matcher(line);
      if (title.matches()) {
        section = new ArrayList<>();
        results.sections.put(title.group(1), section);
      } else if (!line.isBlank()) {
        section.add(line);
      }
    }
    return results;
  }

  /**
   * Replaces what a benchmark showed before.
   *
   * @param where machine and commit
   * @return a line for each figure that is worse now
   */
  List<String> put(String bench, List<Row> rows, String where) {
    Map<String, Spread> before = figures(sections.getOrDefault(bench, List.of()));
    List<String> section = new ArrayList<>();
    List<String> worse = new ArrayList<>();
    section.add(where);
    StringBuilder table = new StringBuilder(COLUMNS);
    for (Row row : rows) {
      Spread old = before.get(row.figure());
      double change = old == null ? Double.NaN : row.betterThan(old.median());
      table.append(line(row, change));
      if (old != null && change < -TOLD_PERCENT && !old.holds(row.measured().median())) {
        worse.add(
            String.format(Locale.ROOT, "WORSE by %.0f %%: %s: %s", -change, bench, row.figure()));
      }
    }
    section.add(table.toString().stripTrailing());
    sections.put(bench, section);
    return worse;
  }

  private static String line(Row row, double change) {
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %s | %s | %s | %s |%n",
        row.figure(),
        row.unit(),
        plain(row.measured().median()),
        plain(row.measured().least()),
        plain(row.measured().most()),
        Double.isNaN(row.limit()) ? "" : plain(row.limit()),
        Double.isNaN(change) ? "" : String.format(Locale.ROOT, "%+d", Math.round(change)));
  }

  /** Three digits at least, without separators, so that it can be read back. */
  private static String plain(double value) {
    double size = Math.abs(value);
    String pattern =
        size >= 100 || value == Math.rint(value) ? "%.0f" : size >= 1 ? "%.2f" : "%.3f";
    return String.format(Locale.ROOT, pattern, value);
  }

  private static Map<String, Spread> figures(List<String> section) {
    Map<String, Spread> figures = new TreeMap<>();
    for (String line : section) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        figures.put(
            row.group("figure"),
            new Spread(
                Double.parseDouble(row.group("median")),
                Double.parseDouble(row.group("least")),
                Double.parseDouble(row.group("most"))));
      }
    }
    return figures;
  }

  void write(Path file) throws IOException {
    StringBuilder page = new StringBuilder(HEAD);
    sections.forEach(
        (bench, lines) -> {
          page.append("\n## ").append(bench).append("\n");
          boolean table = false;
          for (String line : lines) {
            // A paragraph ends with an empty line, a table's lines follow each other.
            page.append(table && line.startsWith("|") ? "" : "\n").append(line).append('\n');
            table = line.startsWith("|");
          }
        });
    Files.writeString(file, page.toString());
  }
}
