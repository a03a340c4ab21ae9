package io.concert.postgres.batch;

import io.vertx.core.Future;
import java.util.List;

/** Runs a batch of commands as one transaction. */
@FunctionalInterface
public interface BatchRun<C, V> {
  /**
   * @return a verdict for each command in the same order
   */
  Future<List<V>> run(List<C> commands, LockWait wait);
}
