package io.concert.postgres;

/**
 * What one look at the database's clock has shown. The true offset lies within half the round trip
 * around the middle; from then on it may drift away.
 *
 * @param offsetMicros database time minus monotonic time
 * @param roundTripNanos how long the look took
 * @param takenNanos monotonic time of the answer
 */
record ClockSample(long offsetMicros, long roundTripNanos, long takenNanos) {
  /** Two quartz clocks move apart by less than 100 millionths of the time. */
  private static final double DRIFT = 100e-6;

  /** How far off it may be at a later time. */
  double errorMicros(long nowNanos) {
    return roundTripNanos / 2_000.0 + (nowNanos - takenNanos) / 1_000.0 * DRIFT;
  }

  /**
   * The better of two. What a slow look shows may be off by seconds, and an aggregate's time never
   * runs back: it counts only when what is known has drifted as far, or can't be true any more, as
   * the database's own clock was set.
   *
   * @param next a later one
   */
  ClockSample or(ClockSample next) {
    double known = errorMicros(next.takenNanos);
    double heard = next.errorMicros(next.takenNanos);
    boolean wasSet = Math.abs(next.offsetMicros - offsetMicros) > known + heard;
    return heard <= known || wasSet ? next : this;
  }
}
