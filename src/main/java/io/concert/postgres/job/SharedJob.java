package io.concert.postgres.job;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Supplier;

/** Work that recurs, on one node at a time, and doesn't overlap itself there. */
public final class SharedJob {
  /** A node that dies at it keeps the others off for this long. */
  private static final Duration LEASE = Duration.ofSeconds(30);

  /** Most are done in seconds; after a great loss there may be a lot to clean up. */
  private static final Duration LONGEST = Duration.ofMinutes(5);

  private final Recurring rounds;

  /**
   * @param what names the job among all nodes and completes "can't …" in the log
   */
  public SharedJob(String what, Turns turns, Supplier<Future<Void>> work) {
    rounds = new Recurring(what, LONGEST, () -> turns.tryRun(what, LEASE, work).mapEmpty());
  }

  /** Call from a verticle's context, whose end ends the job. */
  public void start(Vertx vertx, Duration every) {
    rounds.start(vertx, every);
  }
}
