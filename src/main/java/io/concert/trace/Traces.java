package io.concert.trace;

/**
 * The spans of this process. There is one for all, as a trace crosses whatever runs in it; it is
 * set before the first node is up and stays.
 */
public final class Traces {
  private static volatile Spans spans = Spans.OFF;

  private Traces() {}

  /** Those that nobody hears of unless a collector is set. */
  public static Spans spans() {
    return spans;
  }

  static void use(Spans others) {
    spans = others;
  }
}
