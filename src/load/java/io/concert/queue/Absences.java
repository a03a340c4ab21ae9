package io.concert.queue;

import io.concert.forecast.Chance;
import io.concert.forecast.Crowd;
import java.util.SplittableRandom;

/**
 * Who of a crowd is away for a while or for good, which only a room that asks for signs notices.
 */
final class Absences {
  /** Whose telephone sleeps once for a while. Our choice. */
  private static final double DISTRACTED = 0.15;

  private static final double DISTRACTED_AFTER_MILLIS = 8 * 60_000;
  private static final double AWAY_MILLIS = 90_000;

  /** Until somebody who waits hears that all is sold. Our choice. */
  private static final double SOLD_OUT_NEWS_MILLIS = 60_000;

  private final Crowd crowd;
  private final Chance chance;
  private final int[] awayFrom;
  private final int[] awayTo;

  Absences(Crowd crowd, long seed) {
    this.crowd = crowd;
    this.chance = new Chance(seed);
    awayFrom = new int[crowd.people()];
    awayTo = new int[crowd.people()];
    for (int person = 0; person < crowd.people(); person++) {
      SplittableRandom random = chance.of(person, 0);
      boolean distracted = random.nextDouble() < DISTRACTED;
      int after = crowd.arrival(person) + Chance.exponential(random, DISTRACTED_AFTER_MILLIS);
      awayFrom[person] = distracted ? after : Crowd.NEVER;
      awayTo[person] = distracted ? after + Chance.exponential(random, AWAY_MILLIS) : Crowd.NEVER;
    }
  }

  /**
   * @param soldOut when the last seat was paid; later than any time before that
   */
  boolean hasLeft(int person, int now, int soldOut) {
    return now >= crowd.leaves(person)
        || (now >= soldOut
            && now - soldOut >= Chance.exponential(chance.of(person, 1), SOLD_OUT_NEWS_MILLIS));
  }

  boolean isAway(int person, int now) {
    return now >= awayFrom[person] && now < awayTo[person];
  }

  int backAt(int person) {
    return awayTo[person];
  }

  /** Some say so when they go, the others are just not there any more. */
  boolean saysSo(int person) {
    return chance.of(person, 2).nextBoolean();
  }
}
