package io.concert.grid;

import io.concert.domain.Aggregate;

/**
 * One kind of replicated aggregate and how its parts are written.
 *
 * @param id stands for the type on the wire; never reused
 * @param map name of the Hazelcast map that holds the aggregates, one value a key
 */
public record AggregateType<A extends Aggregate<C, E, R>, C, E, R>(
    int id, String map, Codec<A> state, Codec<C> command, Codec<E> event, Codec<R> reply) {}
