package io.concert.catalog;

import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Some times of a date and what they become.
 *
 * @param times what isn't named stays as it is; an empty time is taken away
 */
public record ScheduleChange(Map<Time, Optional<Instant>> times) {
  /** A time of {@link ScheduleTimes}. */
  public enum Time {
    OPENS_AT,
    CLOSES_AT,
    REFUND_UNTIL
  }

  public ScheduleChange {
    if (times.isEmpty()) {
      throw new IllegalArgumentException("nothing to change");
    }
    times = Map.copyOf(new EnumMap<>(times));
  }

  ScheduleTimes applyTo(ScheduleTimes now) {
    return new ScheduleTimes(
        times.getOrDefault(Time.OPENS_AT, now.opensAt()),
        times.getOrDefault(Time.CLOSES_AT, now.closesAt()),
        times.getOrDefault(Time.REFUND_UNTIL, now.refundUntil()));
  }
}
