package io.concert.forecast;

/** Counts seats; which one is which plays no part in how a sale goes. */
public final class BoxOffice {
  private final int seats;
  private int held;
  private int sold;

  public BoxOffice(int seats) {
    this.seats = seats;
  }

  /**
   * @return how many were got, of those that were wanted
   */
  public int hold(int wanted) {
    int got = Math.min(wanted, seats - held - sold);
    held += got;
    return got;
  }

  public void pay(int count) {
    held -= count;
    sold += count;
  }

  public void giveBack(int count) {
    held -= count;
  }

  public boolean isSoldOut() {
    return sold == seats;
  }

  public int held() {
    return held;
  }

  public int sold() {
    return sold;
  }
}
