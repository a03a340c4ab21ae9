package io.concert.events.delivery;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long it is waited after a failure: exponential, with jitter so that many don't return at
 * once.
 */
final class Backoff {
  private static final int MOST_DOUBLINGS = 30;

  private final Duration first;
  private final Duration longest;
  private final RandomGenerator random;

  Backoff(Duration first, Duration longest, RandomGenerator random) {
    this.first = first;
    this.longest = longest;
    this.random = random;
  }

  /**
   * @param failures so far, this one included
   * @return between half of and the whole of {@code first} times two to the power of {@code
   *     failures - 1}, or of {@code longest} if that is less
   */
  Duration after(int failures) {
    long doubled = first.toMillis() << Math.min(failures - 1, MOST_DOUBLINGS);
    long whole = Math.min(doubled, longest.toMillis());
    return Duration.ofMillis(whole / 2 + random.nextLong(whole - whole / 2 + 1));
  }
}
