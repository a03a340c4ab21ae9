package io.concert.catalog;

import io.concert.domain.ConcertId;
import java.time.Instant;
import java.util.Optional;

/**
 * @param opensAt when the sale opens; empty: at once
 * @param closesAt when it ends, after {@code opensAt}; empty: never by itself
 */
public record NewSchedule(
    ConcertId concert, Instant startsAt, Optional<Instant> opensAt, Optional<Instant> closesAt) {
  public NewSchedule {
    if (opensAt.isPresent() && closesAt.isPresent() && !opensAt.get().isBefore(closesAt.get())) {
      throw new IllegalArgumentException("the sale closes before it opens");
    }
  }
}
