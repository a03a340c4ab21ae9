package io.concert.http;

import io.concert.domain.Won;
import io.concert.http.access.JoinLimits;
import io.concert.http.payments.ChargePolicy;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * @param host the interface to listen on
 * @param port 0 for any free one
 * @param balanceCeiling what no balance may exceed
 * @param corsOrigins other sites whose pages may call, {@code https://host[:port]}; none by default
 * @param maxConnections of this node; further ones are closed at once
 * @param holdLimit for concerts made without one: seats a person and date
 * @param joins how many may join from one address
 * @param overloadDelay requests that are come to later are refused; zero: none is
 */
public record HttpSettings(
    String host,
    int port,
    ChargePolicy chargePolicy,
    Won balanceCeiling,
    List<String> corsOrigins,
    int maxConnections,
    int holdLimit,
    JoinLimits joins,
    Duration overloadDelay) {
  public static final Won DEFAULT_CEILING = new Won(1_000_000_000);
  public static final int DEFAULT_CONNECTIONS = 20_000;
  public static final Duration DEFAULT_OVERLOAD_DELAY = Duration.ofMillis(200);

  private static final Pattern ORIGIN = Pattern.compile("https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?");

  public HttpSettings {
    corsOrigins = List.copyOf(corsOrigins);
    corsOrigins.forEach(HttpSettings::requireOrigin);
    if (maxConnections < 1) {
      throw new IllegalArgumentException("at least one connection must be allowed");
    }
  }

  /**
   * @throws IllegalArgumentException unless it is the origin of a site
   */
  public static void requireOrigin(String text) {
    if (!ORIGIN.matcher(text).matches()) {
      throw new IllegalArgumentException("must be origins like https://tickets.example.com");
    }
  }

  /** With the usual patience under overload. */
  public HttpSettings(
      String host,
      int port,
      ChargePolicy chargePolicy,
      Won balanceCeiling,
      List<String> corsOrigins,
      int maxConnections,
      int holdLimit,
      JoinLimits joins) {
    this(
        host,
        port,
        chargePolicy,
        balanceCeiling,
        corsOrigins,
        maxConnections,
        holdLimit,
        joins,
        DEFAULT_OVERLOAD_DELAY);
  }

  /** The defaults, listening on this machine only, where everybody has one address. */
  public static HttpSettings local(int port) {
    return new HttpSettings(
        "127.0.0.1",
        port,
        ChargePolicy.SELF,
        DEFAULT_CEILING,
        List.of(),
        DEFAULT_CONNECTIONS,
        4,
        JoinLimits.OFF);
  }
}
