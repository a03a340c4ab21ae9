package io.concert.customer;

import io.concert.domain.KeyRefusal;

/** What came of a ban or its end. */
public sealed interface BanReply {
  /**
   * It is as was asked, now or before.
   *
   * @param sessionsEnded how many this very change has ended
   * @param holdsReleased unpaid seats that went back with them
   * @param replayed whether it was made for the first request with this key
   */
  record Done(boolean banned, int sessionsEnded, int holdsReleased, boolean replayed)
      implements BanReply {}

  /** Nothing was changed: there is no such user. */
  record UnknownCustomer() implements BanReply {}

  /** Nothing was changed: the operator's key stands in the way. */
  record KeyRefused(KeyRefusal reason) implements BanReply {}
}
