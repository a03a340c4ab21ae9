package io.concert.http.users;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** How attempts to log in ended. Nothing says whose they were. */
final class LoginCounts {
  private final Map<Outcome, Counter> counters = new EnumMap<>(Outcome.class);

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
    for (Outcome outcome : Outcome.values()) {
      counters.put(
          outcome,
          Counter.builder("logins")
              .description("Attempts to log in by what came of them")
              .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
              .register(registry));
    }
  }

  void ended(Outcome outcome) {
    Counter counter = counters.get(outcome);
    if (counter != null) {
      counter.increment();
    }
  }
}
