package io.concert.domain;

/**
 * A deterministic state machine: single-threaded, without I/O, clock or randomness of its own. A
 * copy that applies the same events in the same order to the same state has the same state.
 *
 * @param <C> command: what is asked
 * @param <E> event: what has changed, with everything that is needed to repeat the change elsewhere
 * @param <R> reply
 */
public interface Aggregate<C, E, R> {
  /**
   * Decides and changes nothing; it may refuse and may fail.
   *
   * @param nowMillis milliseconds since the epoch by the database's clock, never less than before
   */
  Decision<E, R> decide(C command, long nowMillis);

  /** Applies an event that {@link #decide} made of this state. Can't fail. */
  void apply(E event);

  /**
   * What the asker is told once the event is applied, if that is more than the reply that was
   * decided: something large, which isn't to be remembered or sent to a backup. Anyone who asks a
   * second time because the first answer was lost hears the reply alone. Changes nothing.
   *
   * @param decided by {@link #decide} for this command
   */
  default R report(C command, R decided, long nowMillis) {
    return decided;
  }

  /**
   * Another member goes on with this copy. The one before may have gone on with its own, further or
   * elsewhere, so whatever names states by counting has to count anew. Other copies don't hear of
   * it. Can't fail.
   *
   * @param seed a random number
   */
  default void takenOver(long seed) {}

  /** A number that whatever is loaded in place of this must have got beyond. */
  default long generation() {
    return 0;
  }
}
