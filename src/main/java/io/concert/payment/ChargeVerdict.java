package io.concert.payment;

import io.concert.postgres.batch.Verdict;
import io.concert.postgres.batch.Verdicts;

/** What {@code charge_accounts} answers. */
enum ChargeVerdict implements Verdict {
  /** By this command, or by the first one with its key. */
  DONE(0),
  /** The first command with this key is being judged. */
  KEY_IN_FLIGHT(2),
  /** The key was sent with another body. */
  KEY_REUSED(3),
  OVER_CEILING(4),
  UNKNOWN_ACCOUNT(5),
  BANNED(6);

  static final Verdicts<ChargeVerdict> READ = new Verdicts<>("charge_accounts", values());

  private final int number;

  ChargeVerdict(int number) {
    this.number = number;
  }

  @Override
  public int number() {
    return number;
  }
}
