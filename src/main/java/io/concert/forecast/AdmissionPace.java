package io.concert.forecast;

/**
 * People a second, as the waiting room counts them: a bucket that refills with time and holds what
 * a tenth of a second brings, or one.
 */
final class AdmissionPace {
  private final int perSecond;
  private final double most;
  private double credit;
  private int countedAt;

  /**
   * @param perSecond 0 for no limit
   */
  AdmissionPace(int perSecond) {
    this.perSecond = perSecond;
    this.most = Math.max(1, perSecond / 10.0);
    this.credit = most;
  }

  /** Whether one more may be let in now, who then counts. */
  boolean take(int now) {
    if (perSecond == 0) {
      return true;
    }
    credit = Math.min(most, credit + perSecond * ((now - countedAt) / 1000.0));
    countedAt = now;
    if (credit < 1) {
      return false;
    }
    credit--;
    return true;
  }

  /** When the next one may be, after {@link #take} said no. */
  int next() {
    return countedAt + (int) Math.ceil(1000 * (1 - credit) / perSecond);
  }
}
