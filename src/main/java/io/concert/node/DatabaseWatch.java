package io.concert.node;

import io.concert.postgres.DatabaseClock;
import io.concert.postgres.DatabaseHistory;
import io.concert.postgres.DatabaseProbe;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the clock and the health up to what the database says; an outage is one line when it comes
 * and one when it goes.
 *
 * <p>Nodes tell each other that the database answers. One that can't reach it while another can
 * isn't ready: a balancer has a better one to send people to. If none can, all stay ready: polls
 * and seat lists go on.
 */
final class DatabaseWatch {
  private static final Logger log = LoggerFactory.getLogger(DatabaseWatch.class);
  private static final String ANSWERS = "node.database-answers.v1";

  /** Failed looks in a row before a node says that it isn't ready. */
  private static final int ENOUGH = 3;

  /** Longer than a look may take together with the rest after it. */
  private static final long NEWS_LAST_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** Every statement of a look ends before. */
  private static final long LONGEST_SECONDS = 15;

  private final Vertx vertx;
  private final DatabaseHistory history;
  private final DatabaseClock clock;
  private final DatabaseProbe probe;
  private final NodeHealth health;
  private final String self = UUID.randomUUID().toString();
  private boolean looking;
  private int failures;
  private boolean hasHeard;
  private long heardNanos;

  DatabaseWatch(
      Vertx vertx,
      DatabaseHistory history,
      DatabaseClock clock,
      DatabaseProbe probe,
      NodeHealth health) {
    this.vertx = vertx;
    this.history = history;
    this.clock = clock;
    this.probe = probe;
    this.health = health;
  }

  /** Looks at once and then again and again. */
  void start(long everyMillis) {
    vertx
        .eventBus()
        .<String>consumer(
            ANSWERS,
            news -> {
              if (!news.body().equals(self)) {
                heard();
              }
            });
    look();
    vertx.setPeriodic(everyMillis, tick -> look());
  }

  private synchronized void heard() {
    hasHeard = true;
    heardNanos = System.nanoTime();
  }

  private synchronized boolean othersHaveIt() {
    return hasHeard && System.nanoTime() - heardNanos < NEWS_LAST_NANOS;
  }

  private void look() {
    synchronized (this) {
      if (looking) {
        return;
      }
      looking = true;
    }
    Future.all(history.look().compose(number -> clock.resample()), probe.write())
        .timeout(LONGEST_SECONDS, TimeUnit.SECONDS)
        .onComplete(looked -> ended(looked.cause()));
  }

  private void ended(@Nullable Throwable failure) {
    synchronized (this) {
      looking = false;
      failures = failure == null ? 0 : failures + 1;
    }
    if (failure == null) {
      if (health.degraded().isPresent()) {
        log.info("the database takes changes again");
      }
      vertx.eventBus().publish(ANSWERS, self);
      health.databaseOutage(null, false);
    } else {
      if (health.degraded().isEmpty()) {
        log.error("the database takes no changes: {}", failure.getMessage());
      }
      health.databaseOutage(
          "the database takes no changes: " + failure.getMessage(),
          failures >= ENOUGH && othersHaveIt());
    }
  }
}
