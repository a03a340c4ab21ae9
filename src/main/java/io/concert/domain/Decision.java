package io.concert.domain;

import org.jspecify.annotations.Nullable;

/**
 * What an {@link Aggregate} decided.
 *
 * @param event the change, or null if there is none
 * @param reply the answer to the caller
 */
public record Decision<E, R>(@Nullable E event, R reply) {
  /** An answer that changes nothing. */
  public static <E, R> Decision<E, R> answer(R reply) {
    return new Decision<>(null, reply);
  }

  public static <E, R> Decision<E, R> change(E event, R reply) {
    return new Decision<>(event, reply);
  }
}
