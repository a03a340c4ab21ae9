package io.concert.reservation.store;

import io.concert.postgres.batch.Verdict;
import io.concert.postgres.batch.Verdicts;

/** What {@code hold_seats} answers. */
enum HoldVerdict implements Verdict {
  HELD(0),
  SEAT_TAKEN(1),
  LIMIT_REACHED(2),
  NOT_ON_SALE(3),
  NOT_ADMITTED(4),
  /** By the first command with this key. */
  HELD_BEFORE(5),
  /** The first command with this key is being judged. */
  KEY_IN_FLIGHT(6),
  /** The key was sent with another body. */
  KEY_REUSED(7),
  BANNED(8);

  static final Verdicts<HoldVerdict> READ = new Verdicts<>("hold_seats", values());

  private final int number;

  HoldVerdict(int number) {
    this.number = number;
  }

  @Override
  public int number() {
    return number;
  }
}
