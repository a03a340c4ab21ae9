package io.concert.queue;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How long nothing has happened to this node that could have made another one take its rooms over:
 * no member was lost and this process wasn't paused. Safe to use from any thread.
 */
final class Steadiness {
  /** A tick that comes later than this means that the process, or the machine, stood still. */
  private static final Duration LONGEST_GAP = Duration.ofSeconds(2);

  private final LongSupplier nanoTime;
  private final LongSupplier lastLossNanos;
  private volatile long tickedNanos;
  private volatile long gapNanos;

  /**
   * @param nanoTime this node's monotonic clock
   * @param lastLossNanos when a member was last lost, by that clock
   */
  Steadiness(LongSupplier nanoTime, LongSupplier lastLossNanos) {
    this.nanoTime = nanoTime;
    this.lastLossNanos = lastLossNanos;
    this.tickedNanos = nanoTime.getAsLong();
    this.gapNanos = tickedNanos;
  }

  /** Call several times a second. */
  void tick() {
    long now = nanoTime.getAsLong();
    noticeGap(now);
    tickedNanos = now;
  }

  /** Anyone who wakes up may ask before the tick comes. */
  Duration lasted() {
    long now = nanoTime.getAsLong();
    noticeGap(now);
    return Duration.ofNanos(Math.min(now - gapNanos, now - lastLossNanos.getAsLong()));
  }

  private void noticeGap(long now) {
    if (now - tickedNanos > LONGEST_GAP.toNanos()) {
      gapNanos = now;
      tickedNanos = now;
    }
  }
}
