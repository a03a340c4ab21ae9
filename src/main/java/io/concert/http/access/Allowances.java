package io.concert.http.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A token bucket for each of many keys: so much at once, and over a while so much in a time.
 *
 * @param <K> who is limited
 */
public final class Allowances<K> {
  /** Some 20 MB. Anyone who is dropped beyond that, the least active, gets a full bucket again. */
  private static final int MOST_KEYS = 100_000;

  private final int atOnce;
  private final int refill;
  private final Duration refillTime;
  private final TimeMeter time;
  private final Runnable onRefusal;
  private final Cache<K, Bucket> buckets;

  /**
   * @param atOnce how many a full bucket allows
   * @param refill how many come back in {@code refillTime}
   * @param onRefusal told of each request that was refused for want of one
   */
  public Allowances(
      int atOnce, int refill, Duration refillTime, LongSupplier nanoTime, Runnable onRefusal) {
    this.atOnce = atOnce;
    this.refill = refill;
    this.refillTime = refillTime;
    this.onRefusal = onRefusal;
    this.time = new MonotonicTime(nanoTime);
    // A bucket that nobody took from until it is full is as good as none.
    Duration untilFull = refillTime.multipliedBy(atOnce).dividedBy(refill);
    this.buckets =
        Caffeine.newBuilder().maximumSize(MOST_KEYS).expireAfterAccess(untilFull).build();
  }

  /** Takes one, if there is one. */
  public Attempt take(K key) {
    Bucket bucket = buckets.get(key, k -> full());
    var taken = bucket.tryConsumeAndReturnRemaining(1);
    return taken.isConsumed()
        ? Attempt.allowed(() -> bucket.addTokens(1))
        : Attempt.refused(Duration.ofNanos(taken.getNanosToWaitForRefill()), onRefusal);
  }

  private Bucket full() {
    return Bucket.builder()
        .withCustomTimePrecision(time)
        .addLimit(limit -> limit.capacity(atOnce).refillGreedy(refill, refillTime))
        .build();
  }

  private record MonotonicTime(LongSupplier nanoTime) implements TimeMeter {
    @Override
    public long currentTimeNanos() {
      return nanoTime.getAsLong();
    }

    @Override
    public boolean isWallClockBased() {
      return false;
    }
  }
}
