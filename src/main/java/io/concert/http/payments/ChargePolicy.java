package io.concert.http.payments;

import io.concert.http.web.Access;

/** Who may add to a balance: the setting {@code BALANCE_CHARGE}. */
public enum ChargePolicy {
  /** Everyone to their own. There is no payment provider behind it: for demonstrations. */
  SELF,
  /** Operators of the role {@code payments}, to anyone's. */
  OPERATOR;

  Access access() {
    return this == SELF ? Access.TOKEN_OR_UUID : Access.TOKEN_OR_UUID_OR_OPERATOR;
  }
}
