package io.concert.reservation.house;

import io.concert.postgres.batch.Verdict;
import io.concert.postgres.batch.Verdicts;

/** What {@code block_seats} and {@code release_blocks} answer. */
enum HouseVerdict implements Verdict {
  CHANGED(0),
  /** A row for each seat that is; nothing has changed. */
  HELD(2),
  /** As {@link #HELD}. */
  SOLD(3),
  UNKNOWN_DATE(4),
  CANCELLED(5),
  /** The seats were chosen on one that is no longer the date's. */
  OTHER_PLAN(6);

  static final Verdicts<HouseVerdict> READ = new Verdicts<>("a house function", values());

  private final int number;

  HouseVerdict(int number) {
    this.number = number;
  }

  @Override
  public int number() {
    return number;
  }
}
