package io.concert.forecast;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Who comes when, and how each of them behaves. Times are milliseconds from the beginning, which is
 * an hour before the sale opens. People are numbered as they come.
 */
public final class Crowd {
  public static final int OPENS = 60 * 60_000;

  /** Of a person who never gives up. */
  public static final int NEVER = Integer.MAX_VALUE;

  /** Of the mean time to choose, what everybody needs: 15 of 40 seconds. Our choice. */
  private static final double CHOOSE_AT_LEAST = 0.375;

  private final Behaviour behaviour;
  private final Chance chance;
  private final double[] ordersUpTo;
  private final int[] arrival;
  private final int[] leaves;

  /**
   * @param seed everything random comes from it: the same seed, the same crowd
   */
  public Crowd(int people, long seed, Behaviour behaviour) {
    this.behaviour = behaviour;
    this.chance = new Chance(seed);
    this.ordersUpTo = sums(behaviour.orders());
    SplittableRandom random = new SplittableRandom(seed);
    arrival = new int[people];
    leaves = new int[people];
    Arrays.setAll(arrival, person -> drawArrival(random));
    Arrays.sort(arrival);
    for (int person = 0; person < people; person++) {
      boolean impatient = random.nextDouble() < behaviour.impatient();
      int patience = Chance.exponential(random, behaviour.patienceMillis());
      leaves[person] = impatient ? Math.max(OPENS, arrival[person]) + patience : NEVER;
    }
  }

  /** Shares of orders of up to so many seats. */
  private static double[] sums(List<Integer> weights) {
    double[] sums = new double[weights.size()];
    double all = weights.stream().mapToDouble(Integer::doubleValue).sum();
    double sum = 0;
    for (int i = 0; i < sums.length; i++) {
      sum += weights.get(i);
      sums[i] = sum / all;
    }
    return sums;
  }

  private int drawArrival(SplittableRandom random) {
    double kind = random.nextDouble();
    if (kind < behaviour.gathered()) {
      return random.nextInt(OPENS);
    }
    boolean rushes = kind < behaviour.gathered() + behaviour.rush();
    return OPENS
        + Chance.exponential(random, rushes ? behaviour.rushMillis() : behaviour.laterMillis());
  }

  public int people() {
    return arrival.length;
  }

  public int arrival(int person) {
    return arrival[person];
  }

  /** When the person gives up, unless let in before; {@link #NEVER} for who is patient. */
  public int leaves(int person) {
    return leaves[person];
  }

  public boolean doesNothingInside(int person) {
    return chance.of(person, 3).nextDouble() < behaviour.idle();
  }

  /** To choose seats, and to see that there are none. */
  public int millisToChoose(int person) {
    double least = CHOOSE_AT_LEAST * behaviour.chooseMillis();
    return (int) least + Chance.exponential(chance.of(person, 4), behaviour.chooseMillis() - least);
  }

  /** Seats that the person wants. */
  public int order(int person) {
    double share = chance.of(person, 5).nextDouble();
    int order = 1;
    while (order < ordersUpTo.length && share >= ordersUpTo[order - 1]) {
      order++;
    }
    return order;
  }

  public boolean pays(int person) {
    return chance.of(person, 6).nextDouble() >= behaviour.unpaid();
  }

  /** The published delays were measured with more time to pay; who pays here, pays in time. */
  public int millisToPay(int person, int holdMillis) {
    PayTime time = behaviour.payTime();
    double inTime = time.within(holdMillis);
    double share = chance.of(person, 7).nextDouble() * inTime;
    // Where next to nobody would be as fast as they must be, all are as late as they may be.
    return inTime == 0 ? holdMillis : (int) Math.min(holdMillis, time.millis(share));
  }

  /** Whose hold ran out: leaves, or waits for the session's end. */
  public boolean leavesAfterHold(int person) {
    return chance.of(person, 8).nextBoolean();
  }
}
