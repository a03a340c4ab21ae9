package io.concert.domain;

/** Why a request with a {@link IdempotencyKey} wasn't looked at. Nothing was done. */
public enum KeyRefusal {
  /** The key was sent before with another body. */
  REUSED,
  /** The first request with this key hasn't been judged yet. */
  IN_FLIGHT
}
