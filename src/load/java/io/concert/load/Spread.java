package io.concert.load;

import java.util.Collection;
import java.util.function.ToDoubleFunction;

/**
 * What several rounds of a benchmark showed of one figure.
 *
 * @param median the upper one of the two in the middle, if there are two
 */
public record Spread(double median, double least, double most) {
  /** Of a figure that was measured once. */
  public static Spread of(double once) {
    return new Spread(once, once, once);
  }

  /**
   * @param figures one at least
   */
  public static Spread of(Collection<Double> figures) {
    return of(figures, Double::doubleValue);
  }

  /**
   * @param rounds one at least
   */
  public static <T> Spread of(Collection<T> rounds, ToDoubleFunction<? super T> figure) {
    double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
    return new Spread(sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1]);
  }

  /** Each figure as a percentage of another one's median. */
  public Spread percentOf(Spread other) {
    return times(100 / other.median);
  }

  private Spread times(double factor) {
    return new Spread(median * factor, least * factor, most * factor);
  }

  boolean isWide() {
    return least < most;
  }

  /** Whether a figure lies within what the rounds showed. */
  boolean holds(double figure) {
    return least <= figure && figure <= most;
  }
}
