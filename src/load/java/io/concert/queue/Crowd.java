package io.concert.queue;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Who comes when, and how they behave, after published figures where there are any; each constant
 * names its source or says that it is our choice. Times are milliseconds from the beginning, which
 * is an hour before the sale opens.
 */
final class Crowd {
  static final int OPENS = 60 * 60_000;

  /**
   * Who gathers in the hour before. Half of them are there half an hour before: over 100,000 of
   * 740,000 at Korea-Brazil 2022 (nocutnews.co.kr/news/5762766).
   */
  private static final double GATHERED = 0.27;

  /**
   * Who is there with the opening. ShmooCon saw a thousand addresses within ten seconds
   * (shmoocon.org, 2017-12-01 round two stats), Im Hero 3.7 million requests within a minute
   * (m.nocutnews.co.kr/news/amp/6012876).
   */
  private static final double AT_ONCE = 0.20;

  private static final double AT_ONCE_MILLIS = 15_000;

  /** The others, fewer and fewer: the shape is published, the time constant is our choice. */
  private static final double LATER_MILLIS = 8 * 60_000;

  /** Who loses patience, counted from the opening or the own arrival. Our choice. */
  private static final double IMPATIENT = 0.25;

  private static final double PATIENCE_MILLIS = 15 * 60_000;

  /** Whose telephone sleeps once for a while. Our choice. */
  private static final double DISTRACTED = 0.15;

  private static final double DISTRACTED_AFTER_MILLIS = 8 * 60_000;
  private static final double AWAY_MILLIS = 90_000;

  /** Who was let in and does nothing. Our choice. */
  private static final double NO_SHOW = 0.05;

  /**
   * Tickets an order: Girls' Generation, Taipei Arena 2010, 3,335 orders: 29.6/44.2/10.9/15.3 %.
   */
  private static final double[] ORDERS_UP_TO = {0.296, 0.738, 0.847, 1};

  /**
   * From hold to payment, of those who pay: 58.1 % within 4 minutes and 81.7 % within 10 (12306,
   * 2014-01-09, as above). The Weibull distribution through these two points.
   */
  private static final double PAY_SHAPE = 0.730;

  private static final double PAY_SCALE_MILLIS = 4.84 * 60_000;

  /** To choose seats, and to see that there are none. Our choice. */
  private static final double CHOOSE_AT_LEAST_MILLIS = 15_000;

  private static final double CHOOSE_MILLIS = 25_000;
  private static final double SOLD_OUT_NEWS_MILLIS = 60_000;

  private final SaleSetup setup;
  private final int[] arrival;
  private final int[] leaves;
  private final int[] awayFrom;
  private final int[] awayTo;

  Crowd(SaleSetup setup) {
    this.setup = setup;
    SplittableRandom random = new SplittableRandom(setup.seed());
    arrival = new int[setup.people()];
    leaves = new int[setup.people()];
    awayFrom = new int[setup.people()];
    awayTo = new int[setup.people()];
    Arrays.setAll(arrival, person -> drawArrival(random));
    Arrays.sort(arrival);
    for (int person = 0; person < setup.people(); person++) {
      int interested = Math.max(OPENS, arrival[person]);
      boolean impatient = random.nextDouble() < IMPATIENT;
      leaves[person] =
          impatient ? interested + exponential(random, PATIENCE_MILLIS) : Integer.MAX_VALUE;
      boolean distracted = random.nextDouble() < DISTRACTED;
      awayFrom[person] =
          distracted
              ? arrival[person] + exponential(random, DISTRACTED_AFTER_MILLIS)
              : Integer.MAX_VALUE;
      awayTo[person] =
          distracted ? awayFrom[person] + exponential(random, AWAY_MILLIS) : Integer.MAX_VALUE;
    }
  }

  private static int drawArrival(SplittableRandom random) {
    double kind = random.nextDouble();
    if (kind < GATHERED) {
      return random.nextInt(OPENS);
    }
    return OPENS + exponential(random, kind < GATHERED + AT_ONCE ? AT_ONCE_MILLIS : LATER_MILLIS);
  }

  int people() {
    return arrival.length;
  }

  /** People are numbered as they come. */
  int arrival(int person) {
    return arrival[person];
  }

  /**
   * @param soldOut when the last seat was paid; later than any time before that
   */
  boolean hasLeft(int person, int now, int soldOut) {
    return now >= leaves[person]
        || (now >= soldOut && now - soldOut >= exponential(of(person, 1), SOLD_OUT_NEWS_MILLIS));
  }

  boolean isAway(int person, int now) {
    return now >= awayFrom[person] && now < awayTo[person];
  }

  int backAt(int person) {
    return awayTo[person];
  }

  /** Some say so when they go, the others are just not there any more. */
  boolean saysSo(int person) {
    return of(person, 2).nextBoolean();
  }

  boolean doesNothingInside(int person) {
    return of(person, 3).nextDouble() < NO_SHOW;
  }

  int millisToChoose(int person) {
    return (int) CHOOSE_AT_LEAST_MILLIS + exponential(of(person, 4), CHOOSE_MILLIS);
  }

  int order(int person) {
    double share = of(person, 5).nextDouble();
    int tickets = 1;
    while (share >= ORDERS_UP_TO[tickets - 1]) {
      tickets++;
    }
    return tickets;
  }

  boolean pays(int person) {
    return of(person, 6).nextDouble() >= setup.unpaidShare();
  }

  /** The published delays were measured with more time to pay than ours; who pays, pays in time. */
  int millisToPay(int person, int holdMillis) {
    double inTime = -Math.expm1(-Math.pow(holdMillis / PAY_SCALE_MILLIS, PAY_SHAPE));
    double share = of(person, 7).nextDouble() * inTime;
    return (int) (PAY_SCALE_MILLIS * Math.pow(-Math.log1p(-share), 1 / PAY_SHAPE));
  }

  /** Whose hold ran out: leaves, or waits for the session's end. */
  boolean leavesAfterHold(int person) {
    return of(person, 8).nextBoolean();
  }

  /** Chance of one person's own: whatever happens to others, this one behaves the same. */
  private SplittableRandom of(int person, int question) {
    return new SplittableRandom(setup.seed() ^ (16L * person + question) * 0x9E3779B97F4A7C15L);
  }

  private static int exponential(SplittableRandom random, double mean) {
    return (int) (-mean * Math.log1p(-random.nextDouble()));
  }
}
