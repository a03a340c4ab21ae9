package io.concert.ops;

import io.concert.domain.Actor;
import io.vertx.core.Future;

/** What is worth a line in the nodes' logs; may be changed while they run. */
public interface LogLevels {
  /** From the most lines to the fewest. */
  enum Level {
    DEBUG,
    INFO,
    WARN,
    ERROR
  }

  /** What this node writes. */
  Level current();

  /**
   * Changes all nodes that run now, and writes the audit log first. A node that starts later begins
   * with its own setting.
   *
   * @return fails with a {@link io.concert.domain.Fault}; then nothing has changed
   */
  Future<Void> change(Level level, Actor actor);
}
