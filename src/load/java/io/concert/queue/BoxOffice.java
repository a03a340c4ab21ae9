package io.concert.queue;

/** Counts seats; which one is which plays no part in a waiting room's life. */
final class BoxOffice {
  private final int seats;
  private int held;
  private int sold;

  BoxOffice(int seats) {
    this.seats = seats;
  }

  /**
   * @return how many were got, of those that were wanted
   */
  int hold(int wanted) {
    int got = Math.min(wanted, seats - held - sold);
    held += got;
    return got;
  }

  void pay(int count) {
    held -= count;
    sold += count;
  }

  void giveBack(int count) {
    held -= count;
  }

  boolean isSoldOut() {
    return sold == seats;
  }

  int held() {
    return held;
  }

  int sold() {
    return sold;
  }
}
