package io.concert.catalog.reader;

import io.concert.catalog.layout.NameForm;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Lines of a CSV file whose columns are known, each with its place for error messages. */
final class CsvLines {
  private static final CSVFormat FORMAT =
      CSVFormat.RFC4180.builder().setTrim(true).setIgnoreEmptyLines(true).get();

  private CsvLines() {}

  /**
   * One line below the header.
   *
   * @param columns where each column stands
   */
  record Line(CSVRecord values, Map<String, Integer> columns, String file, long number) {
    /** In the form that all texts of a plan have. */
    String get(String column) {
      return NameForm.of(values.get(columns.getOrDefault(column, -1)));
    }

    /** Written only if something is wrong there. */
    Supplier<String> where() {
      return () -> file + "line " + number;
    }

    String at(String column) {
      return where().get() + ", column " + column;
    }

    /** A spreadsheet writes commas for lines that were used once. */
    boolean isBlank() {
      for (int i = 0; i < values.size(); i++) {
        if (!NameForm.of(values.get(i)).isEmpty()) {
          return false;
        }
      }
      return true;
    }
  }

  /**
   * @param file stands before each place, empty for the main file
   * @param visit says whether to go on
   */
  static void read(
      byte[] bytes, String file, List<String> columns, ImportErrors errors, Predicate<Line> visit) {
    ImportText.decode(bytes, file, errors)
        .ifPresent(text -> parse(text, file, columns, errors, visit));
  }

  private static void parse(
      String text, String file, List<String> columns, ImportErrors errors, Predicate<Line> visit) {
    try (CSVParser parser = CSVParser.parse(new StringReader(text), FORMAT)) {
      try {
        visitAll(parser, file, columns, errors, visit);
      } catch (UncheckedIOException | IllegalStateException | IllegalArgumentException e) {
        // The parser's way of saying so; its message names its own classes.
        errors.add(file + "line " + parser.getCurrentLineNumber(), "not well-formed CSV (quotes?)");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory", e);
    }
  }

  private static void visitAll(
      CSVParser parser,
      String file,
      List<String> columns,
      ImportErrors errors,
      Predicate<Line> visit) {
    Iterator<CSVRecord> records = parser.iterator();
    if (!records.hasNext()) {
      errors.add(file + "line 1", "the file is empty");
      return;
    }
    List<String> header = withoutEmptyEnd(records.next().toList());
    if (!checkHeader(header, file, columns, errors)) {
      return;
    }
    Map<String, Integer> places = new HashMap<>();
    header.forEach(column -> places.put(column, places.size()));
    boolean more = true;
    while (more && records.hasNext()) {
      CSVRecord values = records.next();
      var line = new Line(values, places, file, parser.getCurrentLineNumber());
      if (line.isBlank()) {
        continue;
      }
      if (fits(values, header.size())) {
        more = visit.test(line);
      } else {
        errors.add(
            line.where().get(),
            "%d fields, the header has %d columns".formatted(values.size(), header.size()));
      }
    }
  }

  /** Columns that were used once, too: all of them empty, to the right of the others. */
  private static List<String> withoutEmptyEnd(List<String> header) {
    int end = header.size();
    while (end > 0 && NameForm.of(header.get(end - 1)).isEmpty()) {
      end--;
    }
    return header.subList(0, end);
  }

  private static boolean fits(CSVRecord values, int columns) {
    return values.size() >= columns
        && values.stream().skip(columns).allMatch(value -> NameForm.of(value).isEmpty());
  }

  private static boolean checkHeader(
      List<String> header, String file, List<String> columns, ImportErrors errors) {
    Set<String> missing = new TreeSet<>(columns);
    boolean good = true;
    for (String column : header) {
      if (!missing.remove(column)) {
        String problem = columns.contains(column) ? "stands there twice" : "not a known column";
        errors.add(file + "line 1, column " + column, problem);
        good = false;
      }
    }
    for (String column : missing) {
      errors.add(file + "line 1, column " + column, "missing");
      good = false;
    }
    return good;
  }
}
