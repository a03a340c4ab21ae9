package io.concert.postgres.batch;

import java.time.Duration;

/** How long a batch waits for a row or a date that somebody else has locked. */
public enum LockWait {
  /**
   * Longer than anybody needs whose commits aren't stuck: who is locked out then lets others by.
   */
  USUAL(Duration.ofSeconds(1)),
  /** Somebody has waited already, and others wait behind. */
  SHORT(Duration.ofMillis(100));

  private final Duration longest;

  LockWait(Duration longest) {
    this.longest = longest;
  }

  /** As PostgreSQL's {@code lock_timeout} takes it. */
  String setting() {
    return longest.toMillis() + "ms";
  }
}
