package io.concert.catalog;

import java.time.Instant;
import java.util.Optional;

/**
 * The times of a date that may be changed.
 *
 * @param opensAt when the sale opens; empty: at once
 * @param closesAt when it ends, after {@code opensAt}; empty: never by itself
 * @param refundUntil until when buyers may give tickets back; empty: until the start
 */
public record ScheduleTimes(
    Optional<Instant> opensAt, Optional<Instant> closesAt, Optional<Instant> refundUntil) {
  /** Whether the sale closes after it opens. */
  boolean makeSense() {
    return opensAt.isEmpty() || closesAt.isEmpty() || opensAt.get().isBefore(closesAt.get());
  }
}
