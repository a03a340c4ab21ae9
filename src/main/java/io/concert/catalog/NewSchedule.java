package io.concert.catalog;

import io.concert.domain.ConcertId;
import java.time.Instant;
import java.util.Optional;

/**
 * @param opensAt when the sale opens; empty: at once
 * @param closesAt when it ends, after {@code opensAt}; empty: never by itself
 * @param refundUntil until when buyers may give tickets back; empty: until the start
 */
public record NewSchedule(
    ConcertId concert,
    Instant startsAt,
    Optional<Instant> opensAt,
    Optional<Instant> closesAt,
    Optional<Instant> refundUntil) {
  public NewSchedule {
    if (opensAt.isPresent() && closesAt.isPresent() && !opensAt.get().isBefore(closesAt.get())) {
      throw new IllegalArgumentException("the sale closes before it opens");
    }
  }

  /** One whose tickets may be given back until the start. */
  public NewSchedule(
      ConcertId concert, Instant startsAt, Optional<Instant> opensAt, Optional<Instant> closesAt) {
    this(concert, startsAt, opensAt, closesAt, Optional.empty());
  }
}
