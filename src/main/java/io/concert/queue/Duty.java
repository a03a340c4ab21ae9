package io.concert.queue;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that recurs and never overlaps itself. A failure is logged when it begins and when it is
 * over, not every time: an outage shouldn't write ten lines a second.
 *
 * <p>Runs on one event loop.
 */
final class Duty {
  private static final Logger log = LoggerFactory.getLogger(Duty.class);

  /** Longer than any statement may take; past it the work is given up and may run again. */
  private static final long LONGEST_SECONDS = 6;

  private final String what;
  private final Supplier<Future<Void>> work;
  private Future<Void> current = Future.succeededFuture();
  private boolean stopped;
  private boolean again;
  private boolean failing;

  /**
   * @param what completes "can't …" in the log
   */
  Duty(String what, Supplier<Future<Void>> work) {
    this.what = what;
    this.work = work;
  }

  /** Runs the work now, unless it is running. */
  void run() {
    if (current.isComplete() && !stopped) {
      current = start().timeout(LONGEST_SECONDS, TimeUnit.SECONDS).onComplete(this::ended);
    }
  }

  /** Runs the work now, or once more when it has ended: something has changed since it looked. */
  void runAfterNews() {
    again = !current.isComplete();
    run();
  }

  /**
   * Runs the work now, unless it is running.
   *
   * @return completes as that does
   */
  Future<Void> runAndWait() {
    run();
    return current;
  }

  /** Doesn't begin again; completes when what is under way has ended. */
  Future<Void> stop() {
    stopped = true;
    return current.otherwiseEmpty();
  }

  private Future<Void> start() {
    try {
      return work.get();
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  private void ended(AsyncResult<Void> result) {
    if (result.failed() && !failing) {
      log.warn("can't {}, will go on trying: {}", what, result.cause().getMessage());
      log.debug("why", result.cause());
    } else if (result.succeeded() && failing) {
      log.info("can {} again", what);
    }
    failing = result.failed();
    if (again) {
      again = false;
      run();
    }
  }
}
