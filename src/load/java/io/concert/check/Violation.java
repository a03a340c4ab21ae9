package io.concert.check;

import java.util.List;

/**
 * A broken promise.
 *
 * @param rule which one, as in RELIABILITY: I1 and so on
 * @param operations the fewest of the history that show it; none if the database alone does
 */
record Violation(String rule, String what, List<Long> operations) {
  static Violation of(String rule, String what, Operation... shownBy) {
    return new Violation(rule, what, List.of(shownBy).stream().map(Operation::id).toList());
  }
}
