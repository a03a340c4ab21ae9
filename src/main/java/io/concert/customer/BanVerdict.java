package io.concert.customer;

import io.concert.postgres.batch.Verdict;
import io.concert.postgres.batch.Verdicts;

/** What {@code ban_account} and {@code unban_account} answer. */
enum BanVerdict implements Verdict {
  DONE(0),
  SO_ALREADY(1),
  UNKNOWN_ACCOUNT(2);

  static final Verdicts<BanVerdict> READ = new Verdicts<>("a ban function", values());

  private final int number;

  BanVerdict(int number) {
    this.number = number;
  }

  @Override
  public int number() {
    return number;
  }
}
