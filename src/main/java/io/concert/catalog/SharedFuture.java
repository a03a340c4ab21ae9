package io.concert.catalog;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;

/** Answers that several callers wait for. */
final class SharedFuture {
  private SharedFuture() {}

  /**
   * The same outcome, delivered on the context that calls this: a shared future would run all its
   * waiters on the thread of the first caller.
   */
  static <T> Future<T> onCallers(Future<T> shared) {
    Context caller = Vertx.currentContext();
    if (caller == null || shared.isComplete()) {
      return shared;
    }
    Promise<T> own = Promise.promise();
    shared.onComplete(outcome -> caller.runOnContext(turn -> own.handle(outcome)));
    return own.future();
  }
}
