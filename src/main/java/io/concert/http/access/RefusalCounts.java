package io.concert.http.access;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** How many requests were answered 429, by the limit that refused them. */
public final class RefusalCounts {
  private final Map<Limit, Counter> counters = new EnumMap<>(Limit.class);

  /** By the name that Prometheus knows. */
  public enum Limit {
    /** Places in waiting rooms from one network. */
    JOINS_OF_NETWORK,
    /** Places in one waiting room, from everywhere: its {@code joinsPerSecond}. */
    JOINS_OF_ROOM,
    /** Users made from one network. */
    USERS_OF_NETWORK,
    /** Wrong passwords for one account from one network. */
    LOGINS_OF_ACCOUNT_AND_NETWORK,
    /** Wrong passwords from one network. */
    LOGINS_OF_NETWORK,
    /** Wrong passwords for one account, from networks that never gave the right one. */
    LOGINS_OF_ACCOUNT
  }

  /** Every limit has its counter from the start: one that is first seen at 1 has no rate. */
  public RefusalCounts(MeterRegistry registry) {
    for (Limit limit : Limit.values()) {
      counters.put(
          limit,
          Counter.builder("http_rate_limited")
              .description("Requests answered 429, by the limit that refused them")
              .tag("limit", limit.name().toLowerCase(Locale.ROOT))
              .register(registry));
    }
  }

  public void refused(Limit limit) {
    Counter counter = counters.get(limit);
    if (counter != null) {
      counter.increment();
    }
  }
}
