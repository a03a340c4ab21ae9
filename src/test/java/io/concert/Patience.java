package io.concert;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/**
 * How tests wait: until something holds, or for time to pass when nothing can be looked at. Looks
 * become rarer, from a millisecond apart to ten: what is quick is seen at once, and what takes a
 * process's start isn't slowed down by being asked.
 */
public final class Patience {
  private static final Duration USUAL = Duration.ofSeconds(10);
  private static final long FIRST_REST_MILLIS = 1;
  private static final long LONGEST_REST_MILLIS = 10;

  private Patience() {}

  /** Looks until it holds, for ten seconds at most. */
  public static void until(BooleanSupplier condition) {
    until("what was waited for", USUAL, condition);
  }

  /**
   * Looks until it holds.
   *
   * @param what said when it didn't come true
   * @throws AssertionError if it doesn't hold within the time
   */
  public static void until(String what, Duration atMost, BooleanSupplier condition) {
    long from = System.nanoTime();
    long rest = FIRST_REST_MILLIS;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - from > atMost.toNanos()) {
        throw new AssertionError("not within " + atMost + ": " + what);
      }
      letPass(Duration.ofMillis(rest));
      rest = Math.min(2 * rest, LONGEST_REST_MILLIS);
    }
  }

  /**
   * Looks until a count hasn't changed for a while.
   *
   * @throws AssertionError if it still changes at the end of the time
   */
  public static void untilStill(Duration unchangedFor, Duration atMost, IntSupplier count) {
    var last =
        new Object() {
          int seen = count.getAsInt();
          long since = System.nanoTime();
        };
    until(
        "nothing new for " + unchangedFor,
        atMost,
        () -> {
          int now = count.getAsInt();
          if (now != last.seen) {
            last.seen = now;
            last.since = System.nanoTime();
          }
          return System.nanoTime() - last.since >= unchangedFor.toNanos();
        });
  }

  /**
   * Lets time pass: another's clock has to go on, or nothing may happen meanwhile. Where there is
   * something to look at, {@link #until} is quicker and surer.
   */
  public static void letPass(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
