package io.concert.catalog;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A value that is read anew when somebody asks and it is older than a second: nobody asks, nothing
 * is read; however many ask, one read is in flight. While reading fails or drags on, the last value
 * is given. Safe from any thread.
 */
final class Refreshed<T> {
  private static final Duration FRESH = Duration.ofSeconds(1);

  /** How long a caller waits for a new value when there is an old one. */
  private static final Duration PATIENCE = Duration.ofMillis(300);

  private final Vertx vertx;
  private final Supplier<Future<T>> read;
  private final LongSupplier nanos;

  private @Nullable T value;
  private @Nullable Future<T> reading;
  private boolean slow;
  private boolean outdated;
  private long askAgainAt;

  /**
   * @param nanos monotonic
   */
  Refreshed(Vertx vertx, Supplier<Future<T>> read, LongSupplier nanos) {
    this.vertx = vertx;
    this.read = read;
    this.nanos = nanos;
  }

  /** Makes the next {@link #get} read, and not share a read that began before. */
  synchronized void outdate() {
    outdated = true;
  }

  Future<T> get() {
    Promise<T> answer;
    synchronized (this) {
      T known = value;
      boolean fresh = known != null && !outdated && nanos.getAsLong() - askAgainAt < 0;
      if (known != null && (fresh || slow)) {
        return Future.succeededFuture(known);
      }
      if (reading != null && !outdated) {
        return Contexts.onCallers(reading);
      }
      outdated = false;
      answer = Promise.promise();
      reading = answer.future();
    }
    start(answer);
    return Contexts.onCallers(answer.future());
  }

  private void start(Promise<T> answer) {
    long began = nanos.getAsLong();
    long timer = vertx.setTimer(PATIENCE.toMillis(), id -> losePatience(answer));
    read.get()
        .onComplete(
            fresh -> {
              vertx.cancelTimer(timer);
              settle(answer, began, fresh.result(), fresh.cause());
            });
  }

  private void losePatience(Promise<T> answer) {
    T known;
    synchronized (this) {
      known = value;
      if (known == null || reading != answer.future()) {
        return;
      }
      slow = true;
    }
    answer.tryComplete(known);
  }

  private void settle(
      Promise<T> answer, long began, @Nullable T fresh, @Nullable Throwable failure) {
    T known;
    synchronized (this) {
      boolean latest = reading == answer.future();
      if (latest) {
        reading = null;
        slow = false;
        // After a failure too: a dead database isn't asked at every request.
        askAgainAt = (failure == null ? began : nanos.getAsLong()) + FRESH.toNanos();
        if (fresh != null) {
          value = fresh;
        }
      }
      known = fresh == null ? value : fresh;
    }
    if (known != null) {
      answer.tryComplete(known);
    } else {
      answer.tryFail(failure);
    }
  }
}
