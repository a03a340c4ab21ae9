package io.concert.payment;

import io.concert.postgres.batch.Verdict;
import io.concert.postgres.batch.Verdicts;

/** What {@code pay_for_seats} answers. */
enum PayVerdict implements Verdict {
  /** By this command, or by the first one with its key. */
  DONE(0),
  /** Nothing moved. */
  DONE_BEFORE(1),
  /** The first command with this key is being judged. */
  KEY_IN_FLIGHT(2),
  /** The key was sent with another body. */
  KEY_REUSED(3),
  PRICE_MISMATCH(4),
  CANCELLED(5),
  HOLD_EXPIRED(6),
  NOT_HELD(7),
  NOT_ADMITTED(8),
  BALANCE_TOO_SMALL(9),
  BANNED(10);

  static final Verdicts<PayVerdict> READ = new Verdicts<>("pay_for_seats", values());

  private final int number;

  PayVerdict(int number) {
    this.number = number;
  }

  @Override
  public int number() {
    return number;
  }
}
