package io.concert.load;

import java.util.Locale;

/**
 * What came of a round of an {@link OpenLoop}.
 *
 * @param seconds that it took
 * @param good answered 200, 201 or 202 within a second of the moment in which they were due
 * @param refused answered 503 or 429 in time
 * @param late given up after a second
 * @param unsent due when all connections waited for an answer
 * @param other answers and broken connections
 * @param mute refusals that didn't say when to come again
 */
public record Offered(
    double seconds,
    int offered,
    int good,
    int refused,
    int late,
    int unsent,
    int other,
    int mute,
    double p50Millis,
    double p99Millis,
    double refusedP99Millis) {
  String line() {
    return String.format(
        Locale.ROOT,
        "%.3f %d %d %d %d %d %d %d %.2f %.2f %.2f",
        seconds,
        offered,
        good,
        refused,
        late,
        unsent,
        other,
        mute,
        p50Millis,
        p99Millis,
        refusedP99Millis);
  }

  /** From what the process said. */
  public static Offered of(String line) {
    String[] part = line.split(" ", -1);
    return new Offered(
        Double.parseDouble(part[0]),
        Integer.parseInt(part[1]),
        Integer.parseInt(part[2]),
        Integer.parseInt(part[3]),
        Integer.parseInt(part[4]),
        Integer.parseInt(part[5]),
        Integer.parseInt(part[6]),
        Integer.parseInt(part[7]),
        Double.parseDouble(part[8]),
        Double.parseDouble(part[9]),
        Double.parseDouble(part[10]));
  }

  public double goodPerSecond() {
    return good / seconds;
  }

  public double perSecond() {
    return offered / seconds;
  }
}
