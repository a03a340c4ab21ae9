package io.concert.postgres.job;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that recurs and never overlaps itself. A failure is logged when it begins and when it is
 * over, not every time: an outage shouldn't write ten lines a second. Work that doesn't end is
 * given up, as the next run is better than none: what it waits for may have been lost.
 *
 * <p>Confined to one context.
 */
public final class RecurringTask {
  private static final Logger log = LoggerFactory.getLogger(RecurringTask.class);

  /** Longer than any statement may take. */
  private static final Duration ONE_STATEMENT = Duration.ofSeconds(6);

  /** A node that dies at it keeps the others off for this long. */
  private static final Duration LEASE = Duration.ofSeconds(30);

  /** Most shared work is done in seconds; after a great loss there may be a lot to clean up. */
  private static final Duration LONGEST_SHARED = Duration.ofMinutes(5);

  private static final Duration JUST_NOW = Duration.ofSeconds(1);

  /** A rush of news shares one run; short against the 300 ms in which a slot has to be taken. */
  private static final Duration APART = Duration.ofMillis(20);

  private final Vertx vertx;
  private final String what;
  private final Duration atMost;
  private final Supplier<Future<Void>> work;
  private Future<Void> current = Future.succeededFuture();
  private @Nullable CompletableFuture<Void> afterNews;
  private boolean stopped;
  private boolean again;
  private boolean isWakingUp;
  private long begunNanos = System.nanoTime() - APART.toNanos();
  private boolean failing;

  /**
   * Work of one statement.
   *
   * @param what completes "can't …" in the log
   */
  public RecurringTask(Vertx vertx, String what, Supplier<Future<Void>> work) {
    this(vertx, what, ONE_STATEMENT, work);
  }

  /**
   * @param what completes "can't …" in the log
   * @param atMost longer than the work ever takes; it must do no harm if two runs overlap then
   */
  public RecurringTask(Vertx vertx, String what, Duration atMost, Supplier<Future<Void>> work) {
    this.vertx = vertx;
    this.what = what;
    this.atMost = atMost;
    this.work = work;
  }

  /**
   * Work that one node at a time does.
   *
   * @param what names it among all nodes, and completes "can't …" in the log
   */
  public static RecurringTask onOneNode(
      Vertx vertx, String what, Turns turns, Supplier<Future<Void>> work) {
    return new RecurringTask(
        vertx, what, LONGEST_SHARED, () -> turns.tryRun(what, LEASE, work).mapEmpty());
  }

  /** Call from a verticle's context, whose end ends the runs. */
  public void start(Duration every) {
    vertx.setPeriodic(every.toMillis(), tick -> run());
  }

  /** Runs the work now, unless it is running. */
  public void run() {
    if (current.isComplete() && !stopped) {
      begunNanos = System.nanoTime();
      CompletableFuture<Void> told = afterNews;
      afterNews = null;
      current = start().timeout(atMost.toMillis(), TimeUnit.MILLISECONDS).onComplete(this::ended);
      if (told != null) {
        current.onComplete(told::complete, told::completeExceptionally);
      }
    }
  }

  /**
   * Runs the work once more, as something has changed since it looked: now, if it isn't running and
   * hasn't just begun, else as soon as that is over.
   */
  public void runAfterNews() {
    long tooSoon = begunNanos + APART.toNanos() - System.nanoTime();
    if (!current.isComplete()) {
      again = true;
    } else if (tooSoon <= 0) {
      run();
    } else if (!isWakingUp) {
      isWakingUp = true;
      vertx.setTimer(
          Duration.ofNanos(tooSoon).toMillis() + 1,
          timer -> {
            isWakingUp = false;
            runAfterNews();
          });
    }
  }

  /**
   * Runs the work as {@link #runAfterNews} does.
   *
   * @return completes as the first run does that begins after this call; never, if there is none
   */
  public Future<Void> runAfterNewsAndWait() {
    CompletableFuture<Void> told = afterNews == null ? new CompletableFuture<>() : afterNews;
    afterNews = told;
    runAfterNews();
    return Future.fromCompletionStage(told, vertx.getOrCreateContext());
  }

  /**
   * Runs the work now, unless it is running.
   *
   * @return completes as that does
   */
  public Future<Void> runAndWait() {
    run();
    return current;
  }

  /** Whether it failed when it last ran, a moment ago. */
  public boolean hasJustFailed() {
    return failing && System.nanoTime() - begunNanos < JUST_NOW.toNanos();
  }

  /** Doesn't begin again; completes when what is under way has ended. */
  public Future<Void> stop() {
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
      runAfterNews();
    }
  }
}
