package io.concert.reservation;

import java.time.Duration;

/**
 * @param holdFor from when a hold is given to its deadline, whole milliseconds
 */
public record HoldSettings(Duration holdFor) {
  public HoldSettings {
    if (holdFor.toMillis() <= 0) {
      throw new IllegalArgumentException("a hold must last for a millisecond at least");
    }
  }
}
