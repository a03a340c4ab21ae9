package io.concert.node;

import io.concert.events.EventSettings;
import io.concert.grid.GridSettings;
import io.concert.http.HttpSettings;
import io.concert.ops.LogLevels;
import io.concert.payment.PaymentSettings;
import io.concert.postgres.DatabaseSettings;
import io.concert.queue.store.QueueSettings;
import io.concert.reservation.store.HoldSettings;
import io.concert.settings.Environment;
import io.concert.trace.TraceSettings;
import io.concert.user.Operators;
import io.concert.user.SigningKeys;
import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Everything that can be set about a node, read once and checked before anything starts.
 *
 * @param roles what this node does
 * @param signingKeys as given; none means kept in the database
 * @param operators as given; none means one, kept in the data directory
 * @param drain from the signal to stop until no more requests are taken
 * @param traces where requests are traced; empty: nowhere
 * @param demoData whether an empty catalogue is filled with the demo's
 * @param reportDays how long the steps of sales' reports are kept
 */
public record Settings(
    HttpSettings http,
    DatabaseSettings database,
    GridSettings grid,
    Set<Role> roles,
    QueueSettings queue,
    HoldSettings hold,
    PaymentSettings payment,
    EventSettings events,
    Optional<SigningKeys> signingKeys,
    Optional<Operators> operators,
    boolean demoData,
    int reportDays,
    Duration drain,
    Optional<TraceSettings> traces,
    LogLevels.Level logLevel,
    Logging.Format logFormat) {
  /**
   * @param variables the process's environment
   * @throws WrongSettings with a line for each mistake
   */
  static Settings read(Map<String, String> variables) throws WrongSettings {
    Environment environment = new Environment(variables);
    Settings settings = from(environment);
    if (!environment.mistakes().isEmpty()) {
      throw new WrongSettings(environment.mistakes());
    }
    return settings;
  }

  /**
   * What {@code --help} prints: made by reading an empty environment, so it can't be out of date.
   */
  static String help() {
    Environment environment = new Environment(Map.of());
    var unused = from(environment);
    return """
    concert-reservation: queue, seat holds and prepaid payment for high-demand on-sales

    Usage: java -jar concert-reservation.jar [--help]

    Settings are environment variables (defaults in parentheses):
    """
        + environment.help();
  }

  private static Settings from(Environment env) {
    HttpSettings http = HttpSettings.read(env);
    DatabaseSettings database = DatabaseSettings.read(env);
    Set<Role> roles = roles(env);
    return new Settings(
        http,
        database,
        GridSettings.read(env, isLite(roles)),
        roles,
        QueueSettings.read(env),
        HoldSettings.read(env),
        PaymentSettings.read(env),
        EventSettings.read(env),
        SigningKeys.read(env),
        Operators.read(env),
        env.flag(
            "DEMO_DATA",
            database.url().isEmpty(),
            "Fill an empty catalogue with demo concerts; by default only an embedded database's."),
        env.number(
            "REPORT_DAYS",
            90,
            1,
            3_650,
            "How many days what happened in a sale is kept by steps of ten seconds, for its report;"
                + " the same on all nodes."),
        env.seconds(
            "DRAIN_SECONDS",
            3,
            0,
            300,
            "How long a node that is told to stop says that it isn't ready and serves on: longer"
                + " than the balancer takes to notice. 0 for a node without one."),
        traces(env, http.joins().trustedProxies()),
        env.choice("LOG_LEVEL", LogLevels.Level.INFO, "debug, info, warn or error."),
        env.choice("LOG_FORMAT", Logging.Format.TEXT, "text, or json (a line an object)."));
  }

  private static Optional<TraceSettings> traces(Environment env, List<String> trustedProxies) {
    double ratio =
        env.parse(
            "TRACES_RATIO",
            "0.01",
            "Share of the requests that are traced, 0 to 1, where TRACES_ENDPOINT is set.",
            TraceSettings::ratio);
    return env.optional(
            "TRACES_ENDPOINT",
            "",
            "Collector that takes traces as OTLP over HTTP, http://collector:4318; unset: none are"
                + " made.")
        .flatMap(
            text -> env.orMistake(() -> new TraceSettings(endpoint(text), ratio, trustedProxies)));
  }

  private static URI endpoint(String text) {
    try {
      return TraceSettings.endpoint(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("TRACES_ENDPOINT " + e.getMessage(), e);
    }
  }

  private static boolean isLite(Set<Role> roles) {
    return !roles.contains(Role.QUEUE) && !roles.contains(Role.RESERVATION);
  }

  private static Set<Role> roles(Environment env) {
    return env.parse(
        "ROLES",
        "http,queue,reservation,payment",
        "What this node does; without queue and reservation it owns neither.",
        text -> {
          Set<Role> roles = EnumSet.noneOf(Role.class);
          for (String name : Environment.items(text)) {
            try {
              roles.add(Role.valueOf(name.toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
              throw new IllegalArgumentException(
                  "must be some of http, queue, reservation, payment", e);
            }
          }
          if (roles.isEmpty()) {
            throw new IllegalArgumentException("must name at least one role");
          }
          return roles;
        });
  }
}
