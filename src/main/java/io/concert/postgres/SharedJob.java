package io.concert.postgres;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that recurs, on one node at a time, and never overlaps itself. A failure is logged when it
 * begins and when it is over: an outage shouldn't write a line a second.
 *
 * <p>Confined to one context.
 */
public final class SharedJob {
  private static final Logger log = LoggerFactory.getLogger(SharedJob.class);

  /** A node that dies at it keeps the others off for this long. */
  private static final Duration LEASE = Duration.ofSeconds(30);

  private final String what;
  private final Turns turns;
  private final Supplier<Future<Void>> work;
  private boolean running;
  private boolean failing;

  /**
   * @param what names the job among all nodes and completes "can't …" in the log
   */
  public SharedJob(String what, Turns turns, Supplier<Future<Void>> work) {
    this.what = what;
    this.turns = turns;
    this.work = work;
  }

  /** Call from a verticle's context, whose end ends the job. */
  public void start(Vertx vertx, Duration every) {
    vertx.setPeriodic(every.toMillis(), tick -> tick());
  }

  private void tick() {
    if (running) {
      return;
    }
    running = true;
    var unused = turns.tryRun(what, LEASE, work).onComplete(done -> ended(done.cause()));
  }

  private void ended(@Nullable Throwable failure) {
    running = false;
    if (failure != null && !failing) {
      log.warn("can't {}: {}", what, failure.getMessage());
      log.debug("why", failure);
    } else if (failure == null && failing) {
      log.info("can {} again", what);
    }
    failing = failure != null;
  }
}
