package io.concert.grid.api;

/**
 * A made-up life of an aggregate. A member goes through it before it joins: its first real
 * aggregate comes with a partition whose users wait meanwhile, and code that was never compiled
 * takes many times as long.
 */
public interface Rehearsal<A, C> {
  /** An aggregate as full as it takes for its reading to be compiled. */
  A aggregate();

  /** The command given as the nth. */
  C command(int nth);
}
