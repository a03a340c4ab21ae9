package io.concert.grid;

import io.concert.domain.Fault;
import io.vertx.core.Future;

/**
 * Which history of the database this node works on. A database that was restored or failed over has
 * lost its end: it goes on from an earlier moment, and what was read of the lost end isn't true any
 * more. Each time that is noticed the history gets the next number.
 */
public interface History {
  /** A database that never loses its end. */
  History ONLY =
      new History() {
        @Override
        public long number() {
          return 1;
        }

        @Override
        public Future<Long> look() {
          return Future.succeededFuture(1L);
        }
      };

  /** As of the last look; it only rises. */
  long number();

  /**
   * Looks whether it is still the same.
   *
   * @return the number as of now; fails with a {@link Fault} if the database can't be asked
   */
  Future<Long> look();
}
