package io.concert.forecast;

import java.util.SplittableRandom;

/**
 * Chance of each person's own: whatever happens to others, this one behaves the same. So two sales
 * to the same crowd differ in nothing but what differs between the sales.
 */
public final class Chance {
  /** Far longer than any sale, and several of them added up still fit an int. */
  private static final double LONGEST_MILLIS = 500_000_000;

  private final long seed;

  public Chance(long seed) {
    this.seed = seed;
  }

  /**
   * @param question from 0 to 15; each is answered by a chance of its own
   */
  public SplittableRandom of(int person, int question) {
    return new SplittableRandom(seed ^ (16L * person + question) * 0x9E3779B97F4A7C15L);
  }

  /**
   * @param mean in milliseconds
   * @return milliseconds; 500 million at most
   */
  public static int exponential(SplittableRandom random, double mean) {
    return (int) Math.min(LONGEST_MILLIS, -mean * Math.log1p(-random.nextDouble()));
  }
}
