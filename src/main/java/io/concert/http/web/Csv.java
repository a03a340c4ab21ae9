package io.concert.http.web;

import java.util.List;

/**
 * Lines of a table as RFC 4180 writes them, harmless to spreadsheets: these take a cell that begins
 * with one of a few characters for a formula and run it, so an apostrophe is put before it (OWASP,
 * "CSV injection").
 */
public final class Csv {
  private static final String BEGINS_FORMULA = "=+-@\t\r\n";
  private static final String NEEDS_QUOTES = ",\"\r\n";

  private Csv() {}

  /** With its end. */
  public static String line(List<String> cells) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      if (i > 0) {
        line.append(',');
      }
      append(line, cells.get(i));
    }
    return line.append("\r\n").toString();
  }

  private static void append(StringBuilder line, String cell) {
    boolean formula = !cell.isEmpty() && BEGINS_FORMULA.indexOf(cell.charAt(0)) >= 0;
    String text = formula ? "'" + cell : cell;
    if (text.chars().anyMatch(c -> NEEDS_QUOTES.indexOf(c) >= 0)) {
      line.append('"').append(text.replace("\"", "\"\"")).append('"');
    } else {
      line.append(text);
    }
  }
}
