package io.concert.http.access;

import io.concert.settings.Environment;
import java.util.List;

/**
 * How many people may join waiting rooms from one client address.
 *
 * @param on whether they are limited at all
 * @param perSecond over a while; ten times as many may come at once
 * @param trustedProxies addresses and ranges, {@code 10.0.0.0/8}: what these say of whom they ask
 *     for is believed
 */
public record JoinLimits(boolean on, int perSecond, List<String> trustedProxies) {
  public static final int DEFAULT_PER_SECOND = 20;
  public static final JoinLimits OFF = new JoinLimits(false, DEFAULT_PER_SECOND, List.of());

  public JoinLimits {
    trustedProxies = List.copyOf(trustedProxies);
    trustedProxies.forEach(JoinLimits::requireRange);
    if (perSecond < 1) {
      throw new IllegalArgumentException("at least one join a second must be allowed");
    }
  }

  /**
   * @throws IllegalArgumentException unless it is an address or a range of such
   */
  public static void requireRange(String text) {
    if (TrustedProxies.range(text).isEmpty()) {
      throw new IllegalArgumentException(
          "must be addresses like 10.0.0.7 or ranges like 10.0.0.0/8 or 2001:db8::/32");
    }
  }

  /** From the environment. */
  public static JoinLimits read(Environment env) {
    return new JoinLimits(
        env.flag(
            "RATE_LIMITS",
            true,
            "Whether joins, new users, wrong passwords and connections from one address are"
                + " limited; off for tests."),
        env.number(
            "JOINS_PER_ADDRESS",
            DEFAULT_PER_SECOND,
            1,
            100_000,
            "People a second who may join waiting rooms, and become users, from one address"
                + " (IPv6: from one /64); ten times as many at once."),
        env.list(
            "TRUSTED_PROXIES",
            "Comma-separated addresses or ranges, 10.0.0.0/8, of the proxies before this node:"
                + " their X-Forwarded-For or Forwarded is believed.",
            JoinLimits::requireRange));
  }
}
