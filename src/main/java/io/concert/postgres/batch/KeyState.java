package io.concert.postgres.batch;

/** What is known of a command by its idempotency key; {@code recall_keys}. */
enum KeyState implements Verdict {
  /** To be judged; also a command without a key. */
  NEW(0),
  ANSWERED(1),
  /** The first command with this key is being judged. */
  IN_FLIGHT(2),
  /** The key was sent with another body. */
  REUSED(3);

  static final Verdicts<KeyState> READ = new Verdicts<>("recall_keys", values());

  private final int number;

  KeyState(int number) {
    this.number = number;
  }

  @Override
  public int number() {
    return number;
  }
}
