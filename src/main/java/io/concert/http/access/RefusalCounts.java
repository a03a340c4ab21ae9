package io.concert.http.access;

import io.micrometer.core.instrument.MeterRegistry;

/** How many requests were answered 429, by the limit that refused them. */
public final class RefusalCounts {
  private final KindCounts<Limit> counts;

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

  public RefusalCounts(MeterRegistry registry) {
    counts =
        new KindCounts<>(
            registry,
            "http_rate_limited",
            "Requests answered 429, by the limit that refused them",
            "limit",
            Limit.values());
  }

  public void refused(Limit limit) {
    counts.count(limit);
  }
}
