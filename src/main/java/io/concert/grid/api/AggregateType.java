package io.concert.grid.api;

import io.concert.domain.Aggregate;
import java.util.Optional;

/**
 * One kind of replicated aggregate and how its parts are written.
 *
 * @param id stands for the type on the wire; never reused
 * @param map name of the Hazelcast map that holds the aggregates, one value a key
 * @param rehearsal what a member does with the type before it joins
 */
public record AggregateType<A extends Aggregate<C, E, R>, C, E, R>(
    int id,
    String map,
    Codec<A> state,
    Codec<C> command,
    Codec<E> event,
    Codec<R> reply,
    Optional<Rehearsal<A, C>> rehearsal) {
  /** A type whose aggregates are small enough to be moved by cold code. */
  public AggregateType(
      int id, String map, Codec<A> state, Codec<C> command, Codec<E> event, Codec<R> reply) {
    this(id, map, state, command, event, reply, Optional.empty());
  }
}
