package io.concert.catalog;

import java.time.Duration;
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
    /** Can't be taken away. */
    STARTS_AT,
    OPENS_AT,
    CLOSES_AT,
    REFUND_UNTIL
  }

  public ScheduleChange {
    if (times.isEmpty()) {
      throw new IllegalArgumentException("nothing to change");
    }
    times = Map.copyOf(new EnumMap<>(times));
    if (times.getOrDefault(Time.STARTS_AT, Optional.of(Instant.EPOCH)).isEmpty()) {
      throw new IllegalArgumentException("a date without a start");
    }
  }

  /** Whether the show is put off, or brought forward. */
  boolean movesShow() {
    return times.containsKey(Time.STARTS_AT);
  }

  /**
   * Buyers of a show that is put off keep as long to think about their tickets as they had: the
   * time for giving them back moves with the show, unless it is named itself.
   */
  ScheduleTimes applyTo(ScheduleTimes now) {
    Instant startsAt = times.getOrDefault(Time.STARTS_AT, Optional.empty()).orElse(now.startsAt());
    Duration later = Duration.between(now.startsAt(), startsAt);
    return new ScheduleTimes(
        startsAt,
        times.getOrDefault(Time.OPENS_AT, now.opensAt()),
        times.getOrDefault(Time.CLOSES_AT, now.closesAt()),
        times.getOrDefault(Time.REFUND_UNTIL, now.refundUntil().map(until -> until.plus(later))));
  }
}
