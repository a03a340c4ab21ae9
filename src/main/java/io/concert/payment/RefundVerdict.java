package io.concert.payment;

import io.concert.postgres.batch.Verdict;
import io.concert.postgres.batch.Verdicts;

/** What {@code refund_bills} answers. */
enum RefundVerdict implements Verdict {
  /** By this command, or by the first one with its key. */
  DONE(0),
  /** Nothing moved. */
  DONE_BEFORE(1),
  /** The first command with this key is being judged. */
  KEY_IN_FLIGHT(2),
  /** The key was sent with another body. */
  KEY_REUSED(3),
  /** Nobody's, or another's than the buyer's. */
  UNKNOWN_BILL(4),
  TOO_LATE(5),
  OVER_CEILING(6);

  static final Verdicts<RefundVerdict> READ = new Verdicts<>("refund_bills", values());

  private final int number;

  RefundVerdict(int number) {
    this.number = number;
  }

  @Override
  public int number() {
    return number;
  }
}
