package io.concert.postgres.job;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that recurs and doesn't overlap itself. A failure is logged when it begins and when it is
 * over: an outage shouldn't write a line a second. Work that doesn't end is given up, as the next
 * round is better than none: whatever it waits for may have been lost.
 *
 * <p>Confined to one context.
 */
public final class Recurring {
  private static final Logger log = LoggerFactory.getLogger(Recurring.class);

  private final String what;
  private final Duration atMost;
  private final Supplier<Future<Void>> work;
  private boolean running;
  private boolean failing;

  /**
   * @param what completes "can't …" in the log
   * @param atMost longer than the work ever takes; it must do no harm if two rounds overlap then
   */
  public Recurring(String what, Duration atMost, Supplier<Future<Void>> work) {
    this.what = what;
    this.atMost = atMost;
    this.work = work;
  }

  /** Call from a verticle's context, whose end ends the work. */
  public void start(Vertx vertx, Duration every) {
    vertx.setPeriodic(every.toMillis(), tick -> run());
  }

  private void run() {
    if (running) {
      return;
    }
    running = true;
    Future.<Void>succeededFuture()
        .compose(go -> work.get())
        .timeout(atMost.toMillis(), TimeUnit.MILLISECONDS)
        .onComplete(done -> ended(done.cause()));
  }

  private void ended(@Nullable Throwable failure) {
    running = false;
    if (failure != null && !failing) {
      log.warn("can't {}, will go on trying: {}", what, failure.getMessage());
      log.debug("why", failure);
    } else if (failure == null && failing) {
      log.info("can {} again", what);
    }
    failing = failure != null;
  }
}
