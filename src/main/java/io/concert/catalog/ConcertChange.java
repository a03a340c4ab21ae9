package io.concert.catalog;

import java.time.ZoneId;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Some of a concert's details and what they become; what is empty stays. Its waiting room isn't
 * among them: people in the former one could no longer hold.
 *
 * @param timeZone for showing times; no moment is another one afterwards
 * @param holdLimit 1 to 1000; a smaller one takes nothing from anybody
 */
public record ConcertChange(
    Optional<String> title,
    Optional<String> venue,
    Optional<ZoneId> timeZone,
    OptionalInt holdLimit) {
  public ConcertChange {
    if (title.isEmpty() && venue.isEmpty() && timeZone.isEmpty() && holdLimit.isEmpty()) {
      throw new IllegalArgumentException("nothing to change");
    }
  }
}
