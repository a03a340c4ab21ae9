package io.concert.http.web;

/**
 * For whom an endpoint is. Every endpoint names one, the dispatcher has it checked before the
 * endpoint's own work begins, and {@code security} in openapi.yaml says the same.
 */
public enum Access {
  /** Everybody: no token is looked at. */
  PUBLIC,
  /**
   * A user by a token of either kind; without one the body's UUID says who, which is enough for a
   * guest.
   */
  TOKEN_OR_UUID,
  /** The same, and operators: a balance where the settings leave charging to them. */
  TOKEN_OR_UUID_OR_OPERATOR,
  /** A user's token of either kind. */
  USER,
  /** A queue token, whether or not its room has let the caller in. */
  QUEUE_TOKEN,
  /**
   * A queue token whose room has let the caller in. Which room that has to be depends on the
   * concert that is asked for, so that half is asked by the endpoint, of the admission guard.
   */
  ADMITTED,
  /** Any operator. */
  VIEWER,
  /** An operator of the role {@code operator}. */
  OPERATOR,
  /** An operator of the role {@code payments}. */
  PAYMENTS;

  /** Whether it takes an operator's token and no user's. */
  boolean isForOperators() {
    return this == VIEWER || this == OPERATOR || this == PAYMENTS;
  }
}
