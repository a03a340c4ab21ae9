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

  /** Anyone who has to have the latest asks for no read sooner than this after the last. */
  private static final Duration LATEST = Duration.ofMillis(100);

  /** How long a caller waits for a new value when there is an old one. */
  private static final Duration PATIENCE = Duration.ofMillis(300);

  private final Vertx vertx;
  private final Supplier<Future<T>> read;
  private final LongSupplier nanos;

  private @Nullable T value;
  private @Nullable Read<T> reading;
  private boolean slow;
  private boolean outdated;
  private long askAgainAt;
  private long latestUntil;

  private static final class Read<T> {
    /** May be completed with the last value before the read has ended. */
    final Promise<T> answer = Promise.promise();

    /** Only completed by the read. */
    final Promise<T> whole = Promise.promise();
  }

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
    Read<T> begun;
    synchronized (this) {
      T known = value;
      boolean fresh = known != null && !outdated && nanos.getAsLong() - askAgainAt < 0;
      if (known != null && (fresh || slow)) {
        return Future.succeededFuture(known);
      }
      if (reading != null && !outdated) {
        return SharedFuture.onCallers(reading.answer.future());
      }
      begun = begin();
    }
    start(begun);
    return SharedFuture.onCallers(begun.answer.future());
  }

  /**
   * For anyone who doesn't find in the value what should be there: one that was read lately, also
   * if that takes its time; the last one only if the read fails.
   */
  Future<T> latest() {
    Read<T> begun;
    synchronized (this) {
      T known = value;
      if (known != null && !outdated && nanos.getAsLong() - latestUntil < 0) {
        return Future.succeededFuture(known);
      }
      if (reading != null && !outdated) {
        return SharedFuture.onCallers(reading.whole.future());
      }
      begun = begin();
    }
    start(begun);
    return SharedFuture.onCallers(begun.whole.future());
  }

  private Read<T> begin() {
    outdated = false;
    Read<T> begun = new Read<>();
    reading = begun;
    return begun;
  }

  private void start(Read<T> begun) {
    long began = nanos.getAsLong();
    long timer = vertx.setTimer(PATIENCE.toMillis(), id -> losePatience(begun));
    read.get()
        .onComplete(
            fresh -> {
              vertx.cancelTimer(timer);
              settle(begun, began, fresh.result(), fresh.cause());
            });
  }

  private void losePatience(Read<T> begun) {
    T known;
    synchronized (this) {
      known = value;
      if (known == null || reading != begun) {
        return;
      }
      slow = true;
    }
    begun.answer.tryComplete(known);
  }

  private void settle(Read<T> begun, long began, @Nullable T fresh, @Nullable Throwable failure) {
    T known;
    synchronized (this) {
      boolean latest = reading == begun;
      if (latest) {
        reading = null;
        slow = false;
        // After a failure too: a dead database isn't asked at every request.
        askAgainAt = (failure == null ? began : nanos.getAsLong()) + FRESH.toNanos();
        if (fresh != null) {
          value = fresh;
          latestUntil = began + LATEST.toNanos();
        }
      }
      known = fresh == null ? value : fresh;
    }
    if (known != null) {
      begun.answer.tryComplete(known);
      begun.whole.complete(known);
    } else {
      begun.answer.tryFail(failure);
      begun.whole.fail(failure);
    }
  }
}
