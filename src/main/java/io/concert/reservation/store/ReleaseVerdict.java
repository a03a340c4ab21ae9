package io.concert.reservation.store;

import io.concert.postgres.batch.Verdict;
import io.concert.postgres.batch.Verdicts;

/** What {@code release_seats} answers. */
enum ReleaseVerdict implements Verdict {
  RELEASED(0),
  NOT_HELD(1),
  /** By the first command with this key. */
  RELEASED_BEFORE(5),
  /** The first command with this key is being judged. */
  KEY_IN_FLIGHT(6),
  /** The key was sent with another body. */
  KEY_REUSED(7);

  static final Verdicts<ReleaseVerdict> READ = new Verdicts<>("release_seats", values());

  private final int number;

  ReleaseVerdict(int number) {
    this.number = number;
  }

  @Override
  public int number() {
    return number;
  }
}
