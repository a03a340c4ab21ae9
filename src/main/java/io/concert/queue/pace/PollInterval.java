package io.concert.queue.pace;

import io.concert.queue.api.PlaceState;

/** How soon somebody should ask again: near the front often, far back seldom. */
public final class PollInterval {
  private static final long NEAR_MILLIS = 1_000;

  /**
   * Of the presence time, so that with the jitter three polls still fit into it: one or two that
   * get lost make nobody absent.
   */
  private static final double FAR_SHARE = 0.28;

  private static final long MILLIS_PER_PLACE = 10;
  private static final long ACTIVE_MILLIS = 5_000;

  private PollInterval() {}

  /**
   * @param presenceMillis how long somebody who doesn't ask counts as present
   */
  public static long afterMillis(
      PlaceState state, long number, long presenceMillis, long user, long nowMillis) {
    long far = Math.round(presenceMillis * FAR_SHARE);
    long base =
        switch (state) {
          case WAITING, NOT_OPEN, PAUSED -> Math.min(far, NEAR_MILLIS + MILLIS_PER_PLACE * number);
          case ACTIVE -> ACTIVE_MILLIS;
          case ENDED -> far;
        };
    return jitter(base, user, nowMillis);
  }

  /**
   * Up to 10 % more or less, so that people who came together don't go on asking together; drawn
   * from who and when, as an aggregate has no chance of its own.
   */
  private static long jitter(long millis, long user, long nowMillis) {
    long mixed = (user * 0x9E3779B97F4A7C15L ^ nowMillis) * 0xBF58476D1CE4E5B9L;
    long perMille = 900 + Math.floorMod(mixed >>> 33, 201L);
    return millis * perMille / 1_000;
  }
}
