package io.concert.catalog;

import io.concert.domain.ConcertId;
import java.time.Instant;
import java.util.Optional;

/** A date to be made. */
public record NewSchedule(ConcertId concert, ScheduleTimes times) {
  /** One whose tickets may be given back until the start. */
  public NewSchedule(
      ConcertId concert, Instant startsAt, Optional<Instant> opensAt, Optional<Instant> closesAt) {
    this(concert, new ScheduleTimes(startsAt, opensAt, closesAt, Optional.empty()));
  }
}
