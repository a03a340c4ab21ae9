package io.concert.reservation.store;

import io.concert.settings.Environment;
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

  /** From the environment. */
  public static HoldSettings read(Environment env) {
    return new HoldSettings(
        env.seconds("HOLD_SECONDS", 300, 1, Environment.DAY, "How long a seat is held unpaid."),
        env.seconds(
            "HOLD_EXTENSION_SECONDS",
            60,
            0,
            3_600,
            "How much longer a buyer may make a hold last, once; 0 is off."));
  }
}
