package io.concert.http.users;

import io.concert.http.access.KindCounts;
import io.micrometer.core.instrument.MeterRegistry;

/** How attempts to log in ended. Nothing says whose they were. */
final class LoginCounts {
  private final KindCounts<Outcome> counts;

  enum Outcome {
    /** The right password, or a guest's UUID. */
    SUCCEEDED,
    /** A wrong password, an email or a UUID that nobody has. */
    WRONG,
    /** Refused without a look at the password: too many were wrong. */
    LIMITED,
    /** The database or the processors had no time. */
    FAULT
  }

  LoginCounts(MeterRegistry registry) {
    counts =
        new KindCounts<>(
            registry,
            "logins",
            "Attempts to log in by what came of them",
            "outcome",
            Outcome.values());
  }

  void ended(Outcome outcome) {
    counts.count(outcome);
  }
}
