package io.concert.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The longest time after each fault, and before the next, in which nobody bought a seat: from the
 * fault or the last purchase to the next one's answer. Measured through the balancer, as people
 * come, and in milliseconds.
 *
 * @param tooLong of the faults that leave a majority of the nodes alone
 */
record Recoveries(Map<String, List<Long>> byKind, List<Violation> tooLong) {
  /**
   * Finding out that a node is silent takes five seconds. The member that takes over its room then
   * waits until nothing that it said counts any more.
   */
  private static final long LIMIT_MILLIS = 15_000;

  /** Nobody is let in before one of the dead has started again, which takes as long as it takes. */
  private static final Set<String> MAJORITY_GONE = Set.of("KILL_TWO", "OLD_COPY");

  static Recoveries of(Evidence evidence) {
    List<Long> bought =
        evidence.operations().stream()
            .filter(paid -> paid.is("pay") && paid.hasStatus(201) && paid.via().equals("balancer"))
            .map(Operation::end)
            .sorted()
            .toList();
    Map<String, List<Long>> byKind = new LinkedHashMap<>();
    List<Violation> tooLong = new ArrayList<>();
    List<Disturbance> faults = evidence.disturbances();
    long end = evidence.operations().stream().mapToLong(Operation::asked).max().orElse(0);
    for (int i = 0; i < faults.size(); i++) {
      Disturbance fault = faults.get(i);
      long until = i + 1 < faults.size() ? faults.get(i + 1).from() : end;
      long silence = longest(bought, fault.from(), until);
      byKind.computeIfAbsent(fault.kind(), kind -> new ArrayList<>()).add(silence);
      if (silence > LIMIT_MILLIS && !MAJORITY_GONE.contains(fault.kind())) {
        tooLong.add(
            Violation.of("service stood still", "%d ms after %s".formatted(silence, fault)));
      }
    }
    return new Recoveries(byKind, tooLong);
  }

  private static long longest(List<Long> bought, long from, long until) {
    long longest = 0;
    long last = from;
    for (long one : bought) {
      if (one >= from && one < until) {
        longest = Math.max(longest, one - last);
        last = one;
      }
    }
    return Math.max(longest, until - last);
  }

  List<Long> all() {
    return byKind.values().stream().flatMap(List::stream).toList();
  }

  /** The nearest rank, so a value that was measured. */
  static long percentile(List<Long> values, double share) {
    List<Long> sorted = values.stream().sorted().toList();
    return sorted.isEmpty()
        ? 0
        : sorted.get(
            (int) Math.min(sorted.size() - 1L, (long) Math.ceil(share * sorted.size()) - 1));
  }
}
