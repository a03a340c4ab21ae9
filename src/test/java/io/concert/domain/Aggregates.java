package io.concert.domain;

import com.google.errorprone.annotations.CanIgnoreReturnValue;

/** Aggregates without a grid. */
public final class Aggregates {
  private Aggregates() {}

  /** Has the command decided, and its event applied if there is one. */
  @CanIgnoreReturnValue
  public static <C, E, R> R ask(Aggregate<C, E, R> aggregate, C command, long nowMillis) {
    var decision = aggregate.decide(command, nowMillis);
    if (decision.event() != null) {
      aggregate.apply(decision.event());
    }
    return decision.reply();
  }
}
