package io.concert.reservation.store;

import java.time.Duration;

/**
 * @param holdFor from when a hold is given to its deadline, whole milliseconds
 * @param extension how much longer its holder may make it last, once; zero: not at all
 */
public record HoldSettings(Duration holdFor, Duration extension) {
  public HoldSettings(Duration holdFor) {
    this(holdFor, Duration.ZERO);
  }

  public HoldSettings {
    if (holdFor.toMillis() <= 0) {
      throw new IllegalArgumentException("a hold must last for a millisecond at least");
    }
    if (extension.isNegative()) {
      throw new IllegalArgumentException("a hold can't be made shorter");
    }
  }
}
