package io.concert.forecast;

import java.util.List;

/**
 * How a crowd behaves. Shares are from 0 to 1; times are milliseconds, and means of exponential
 * distributions unless it says otherwise.
 *
 * @param gathered the share that comes, evenly, in the hour before the opening
 * @param rush the share that comes right after the opening
 * @param rushMillis after the opening, of the rush
 * @param laterMillis after the opening, of all others
 * @param impatient the share that gives up waiting, if it has to wait for long enough
 * @param patienceMillis from the opening or the own arrival to giving up
 * @param idle the share of those let in that does nothing
 * @param chooseMillis the mean time to choose seats; three eighths of it is what everybody needs
 * @param payTime from the hold to the payment
 * @param unpaid the share of those who hold seats that never pays
 * @param orders weights of orders of one seat, two seats, and so on
 */
public record Behaviour(
    double gathered,
    double rush,
    int rushMillis,
    int laterMillis,
    double impatient,
    int patienceMillis,
    double idle,
    int chooseMillis,
    PayTime payTime,
    double unpaid,
    List<Integer> orders) {
  /**
   * After published figures where there are any.
   *
   * <ul>
   *   <li>gathered: half of them are there half an hour before; over 100,000 of 740,000 at
   *       Korea-Brazil 2022 (nocutnews.co.kr/news/5762766).
   *   <li>rush: ShmooCon saw a thousand addresses within ten seconds (shmoocon.org, 2017-12-01,
   *       round two stats), Im Hero 3.7 million requests within a minute
   *       (m.nocutnews.co.kr/news/amp/6012876). That the others get fewer and fewer is published,
   *       the time constant is our choice.
   *   <li>impatient, patience, idle, time to choose: our choice.
   *   <li>payment: 58.1 % within 4 minutes and 81.7 % within 10 (12306, 2014-01-09,
   *       81.cn/gnxw/2014-01/24/content_5749284_2.htm); the distribution through these two points.
   *   <li>unpaid: our choice; 43 % there, of trains with 45 minutes to pay, is an upper bound.
   *   <li>orders: Girls' Generation, Taipei Arena 2010, 3,335 orders: 29.6/44.2/10.9/15.3 %.
   * </ul>
   */
  public static final Behaviour PUBLISHED =
      new Behaviour(
          0.27,
          0.20,
          15_000,
          8 * 60_000,
          0.25,
          15 * 60_000,
          0.05,
          40_000,
          new PayTime(176_000, 910_000),
          0.2,
          List.of(296, 442, 109, 153));

  public Behaviour {
    orders = List.copyOf(orders);
    require(isShare(gathered) && isShare(rush) && gathered + rush <= 1 + 1e-9, "arrivals");
    require(isShare(impatient) && isShare(idle) && isShare(unpaid), "shares");
    require(rushMillis > 0 && laterMillis > 0 && patienceMillis > 0, "times");
    require(chooseMillis > 0, "time to choose");
    require(orders.stream().allMatch(weight -> weight >= 0), "orders");
    require(orders.stream().mapToLong(Integer::longValue).sum() > 0, "orders");
  }

  private static boolean isShare(double value) {
    return value >= 0 && value <= 1;
  }

  private static void require(boolean met, String what) {
    if (!met) {
      throw new IllegalArgumentException("a crowd can't have such " + what);
    }
  }

  public Behaviour withUnpaid(double share) {
    return new Behaviour(
        gathered,
        rush,
        rushMillis,
        laterMillis,
        impatient,
        patienceMillis,
        idle,
        chooseMillis,
        payTime,
        share,
        orders);
  }
}
