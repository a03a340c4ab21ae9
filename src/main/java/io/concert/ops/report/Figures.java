package io.concert.ops.report;

import java.util.Map;
import java.util.TreeMap;

/**
 * What was counted and seen in a step of time.
 *
 * @param counts how often what happened
 * @param levels what was there at the step's end, as far as it is known
 */
record Figures(Map<String, Long> counts, Map<String, Long> levels) {
  static final Figures NONE = new Figures(Map.of(), Map.of());

  Figures {
    counts = Map.copyOf(counts);
    levels = Map.copyOf(levels);
  }

  /** Of this step and one that follows it: counts add up, and a later level replaces an earlier. */
  Figures then(Figures later) {
    Map<String, Long> sums = new TreeMap<>(counts);
    later.counts.forEach((what, more) -> sums.merge(what, more, Long::sum));
    Map<String, Long> last = new TreeMap<>(levels);
    last.putAll(later.levels);
    return new Figures(sums, last);
  }

  long count(String what) {
    return counts.getOrDefault(what, 0L);
  }
}
