package io.concert.user;

/** What came of looking at a token. */
public sealed interface TokenCheck {
  record Valid(Token token) implements TokenCheck {}

  /** Ours, but its time is over. */
  record Expired() implements TokenCheck {}

  /** Not one of ours, or not one that we would make. */
  record Invalid() implements TokenCheck {}
}
