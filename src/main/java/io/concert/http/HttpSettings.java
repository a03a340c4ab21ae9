package io.concert.http;

import io.concert.domain.Won;
import io.concert.http.access.JoinLimits;
import io.concert.http.payments.ChargePolicy;
import io.concert.settings.Environment;
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
        JoinLimits.OFF,
        DEFAULT_OVERLOAD_DELAY);
  }

  /** From the environment. */
  public static HttpSettings read(Environment env) {
    return new HttpSettings(
        env.text("HTTP_HOST", "127.0.0.1", "Address to listen on; 0.0.0.0 for all."),
        env.number(
            "HTTP_PORT", 8080, 0, Environment.MOST_PORT, "Port to listen on; 0 for any free one."),
        env.choice(
            "BALANCE_CHARGE",
            ChargePolicy.SELF,
            "Who may charge balances: self (anyone their own; for demos), or operator (only"
                + " operators of role payments)."),
        new Won(
            env.whole(
                "BALANCE_CEILING",
                DEFAULT_CEILING.amount(),
                1,
                1_000_000_000_000_000L,
                "Won that no balance may exceed.")),
        env.list(
            "CORS_ORIGINS",
            "Comma-separated sites whose pages may call the API, https://host[:port].",
            HttpSettings::requireOrigin),
        DEFAULT_CONNECTIONS,
        env.number(
            "HOLD_LIMIT",
            4,
            1,
            1000,
            "Seats that one person may hold and buy of a date, for concerts made without a limit."),
        JoinLimits.read(env),
        Duration.ofMillis(
            env.number(
                "OVERLOAD_DELAY_MILLIS",
                (int) DEFAULT_OVERLOAD_DELAY.toMillis(),
                0,
                5_000,
                "How late a node may come to a request that has arrived: from then on it refuses"
                    + " with 503 and Retry-After; 0: it never does.")));
  }
}
