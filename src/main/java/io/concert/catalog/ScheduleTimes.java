package io.concert.catalog;

import java.time.Instant;
import java.util.Optional;

/**
 * The times of a date.
 *
 * @param startsAt when the show begins
 * @param opensAt when the sale opens; empty: at once
 * @param closesAt when it ends, after {@code opensAt}; empty: when the show begins
 * @param refundUntil until when buyers may give tickets back; empty: until the start
 */
public record ScheduleTimes(
    Instant startsAt,
    Optional<Instant> opensAt,
    Optional<Instant> closesAt,
    Optional<Instant> refundUntil) {

  /** When the sale ends, exclusive. */
  Instant saleEnds() {
    return closesAt.orElse(startsAt);
  }

  /** Why these times make no sense together, empty if they do. */
  Optional<CatalogAdmin.Refusal> contradiction() {
    if (opensAt.isPresent() && !opensAt.get().isBefore(startsAt)) {
      return Optional.of(CatalogAdmin.Refusal.OPENS_TOO_LATE);
    }
    if (opensAt.isPresent() && !opensAt.get().isBefore(saleEnds())) {
      return Optional.of(CatalogAdmin.Refusal.CLOSES_TOO_EARLY);
    }
    return Optional.empty();
  }
}
