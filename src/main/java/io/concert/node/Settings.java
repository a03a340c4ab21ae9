package io.concert.node;

import io.concert.domain.Won;
import io.concert.events.EventSettings;
import io.concert.events.delivery.DeliverySettings;
import io.concert.events.delivery.WebhookTargets;
import io.concert.grid.GridSettings;
import io.concert.http.HttpSettings;
import io.concert.http.access.JoinLimits;
import io.concert.http.payments.ChargePolicy;
import io.concert.ops.LogLevels;
import io.concert.payment.PaymentSettings;
import io.concert.postgres.DatabaseSettings;
import io.concert.postgres.server.DatabaseUrl;
import io.concert.queue.store.QueueSettings;
import io.concert.reservation.store.HoldSettings;
import io.concert.trace.TraceSettings;
import io.concert.user.Operators;
import io.concert.user.SigningKeys;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
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
  private static final int MOST_PORT = 65_535;
  private static final int DAY = 86_400;

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
    HttpSettings http = http(env);
    DatabaseSettings database = database(env);
    Set<Role> roles = roles(env);
    return new Settings(
        http,
        database,
        grid(env, roles),
        roles,
        queue(env),
        new HoldSettings(
            env.seconds("HOLD_SECONDS", 300, 1, DAY, "How long a seat is held unpaid."),
            env.seconds(
                "HOLD_EXTENSION_SECONDS",
                60,
                0,
                3_600,
                "How much longer a buyer may make a hold last, once; 0 is off.")),
        new PaymentSettings(
            env.flag(
                "QUEUE_END_AFTER_PAYMENT",
                true,
                "Whether paying the last unpaid hold ends the session and lets the next person"
                    + " in.")),
        events(env),
        keys(env),
        operators(env),
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

  private static HttpSettings http(Environment env) {
    return new HttpSettings(
        env.text("HTTP_HOST", "127.0.0.1", "Address to listen on; 0.0.0.0 for all."),
        env.number("HTTP_PORT", 8080, 0, MOST_PORT, "Port to listen on; 0 for any free one."),
        env.choice(
            "BALANCE_CHARGE",
            ChargePolicy.SELF,
            "Who may charge balances: self (anyone their own; for demos), or operator (only"
                + " operators of role payments)."),
        new Won(
            env.whole(
                "BALANCE_CEILING",
                HttpSettings.DEFAULT_CEILING.amount(),
                1,
                1_000_000_000_000_000L,
                "Won that no balance may exceed.")),
        env.parse(
            "CORS_ORIGINS",
            "",
            "Comma-separated sites whose pages may call the API, https://host[:port].",
            Settings::origins),
        HttpSettings.DEFAULT_CONNECTIONS,
        env.number(
            "HOLD_LIMIT",
            4,
            1,
            1000,
            "Seats that one person may hold and buy of a date, for concerts made without a limit."),
        new JoinLimits(
            env.flag(
                "RATE_LIMITS",
                true,
                "Whether joins, new users, wrong passwords and connections from one address are"
                    + " limited; off for tests."),
            env.number(
                "JOINS_PER_ADDRESS",
                JoinLimits.DEFAULT_PER_SECOND,
                1,
                100_000,
                "People a second who may join waiting rooms, and become users, from one address"
                    + " (IPv6: from one /64); ten times as many at once."),
            env.parse(
                "TRUSTED_PROXIES",
                "",
                "Comma-separated addresses or ranges, 10.0.0.0/8, of the proxies before this node:"
                    + " their X-Forwarded-For or Forwarded is believed.",
                Settings::proxies)),
        Duration.ofMillis(
            env.number(
                "OVERLOAD_DELAY_MILLIS",
                (int) HttpSettings.DEFAULT_OVERLOAD_DELAY.toMillis(),
                0,
                5_000,
                "How late a node may come to a request that has arrived: from then on it refuses"
                    + " with 503 and Retry-After; 0: it never does.")));
  }

  private static List<String> proxies(String text) {
    List<String> proxies = Environment.items(text);
    proxies.forEach(JoinLimits::requireRange);
    return proxies;
  }

  private static List<String> origins(String text) {
    List<String> origins = Environment.items(text);
    origins.forEach(HttpSettings::requireOrigin);
    return origins;
  }

  private static DatabaseSettings database(Environment env) {
    return new DatabaseSettings(
        env.optional(
                "DATABASE_URL",
                "",
                "postgresql://user:password@host:port/database of an existing PostgreSQL 15 or"
                    + " later; several host:port,host:port: the one that takes writes. Parameters"
                    + " passfile, sslmode, sslrootcert as in libpq. Unset: an embedded one, kept in"
                    + " DATA_DIR.")
            .flatMap(url -> databaseUrl(env, url)),
        env.number(
            "DATABASE_POOL",
            32,
            4,
            1000,
            "Most database connections of this node; all nodes' together must stay below the"
                + " server's max_connections."),
        Path.of(env.text("DATA_DIR", "./data", "Where this node keeps its files.")),
        env.choice(
            "DATABASE_COMMIT",
            DatabaseSettings.Commit.ON,
            "When a commit is answered (synchronous_commit): on, or remote_apply (visible on"
                + " synchronous standbys, too)."),
        env.choice(
            "DATABASE_POOLER",
            DatabaseSettings.Pooler.AUTO,
            "What stands before the server: auto (found out at the start), session (nothing, or a"
                + " pooler in session mode), transaction (a pooler in transaction mode)."),
        env.flag(
            "DATABASE_UNSAFE",
            false,
            "Accept a server with fsync or full_page_writes off, which loses payments in a"
                + " crash."));
  }

  private static Optional<DatabaseUrl> databaseUrl(Environment env, String url) {
    try {
      return Optional.of(DatabaseUrl.parse(url));
    } catch (IllegalArgumentException e) {
      env.mistake(
          "DATABASE_URL must look like postgresql://user:password@host:port/database; this one "
              + e.getMessage());
      return Optional.empty();
    }
  }

  private static GridSettings grid(Environment env, Set<Role> roles) {
    return new GridSettings(
        env.text("CLUSTER_NAME", "concert", "Only nodes of one name join each other."),
        env.parse(
            "CLUSTER_HOST",
            "127.0.0.1",
            "Address of this node for the other nodes; a private one: its ports trust anyone who"
                + " reaches them.",
            Settings::address),
        env.number(
            "CLUSTER_PORT",
            5701,
            1,
            MOST_PORT,
            "Port of this node's grid; its event bus takes another, any free one."),
        env.parse(
            "CLUSTER_MEMBERS",
            "",
            "Comma-separated host:port of the nodes of this cluster; unset: this one is alone.",
            Settings::members),
        !roles.contains(Role.QUEUE) && !roles.contains(Role.RESERVATION),
        env.number(
            "CLUSTER_MIN_SIZE",
            1,
            1,
            1000,
            "Nodes that must see each other for queue and seats to change; set it to the"
                + " majority of the cluster."));
  }

  private static String address(String text) {
    try {
      return InetAddress.getByName(text).getHostAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("must be an address of this machine");
    }
  }

  private static List<String> members(String text) {
    List<String> members = Environment.items(text);
    for (String member : members) {
      if (!member.matches("[A-Za-z0-9._-]+:[0-9]{1,5}")) {
        throw new IllegalArgumentException("must be host:port,host:port,…");
      }
    }
    return members;
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

  private static QueueSettings queue(Environment env) {
    return new QueueSettings(
        env.number(
            "QUEUE_CAPACITY",
            100,
            1,
            1_000_000,
            "People whom the default waiting room lets in at a time. Kept in the database: unset"
                + " leaves what is there."),
        env.isSet("QUEUE_CAPACITY"),
        env.seconds(
            "QUEUE_SESSION_SECONDS",
            600,
            1,
            DAY,
            "How long somebody who was let in may stay. Kept in the database, too."),
        env.isSet("QUEUE_SESSION_SECONDS"),
        env.seconds(
            "QUEUE_REENTRY_SECONDS",
            10,
            0,
            600,
            "How long nobody is let in after every node was lost, so that people come back in"
                + " order; 0: not at all. Kept in the database, too."),
        env.isSet("QUEUE_REENTRY_SECONDS"));
  }

  private static EventSettings events(Environment env) {
    boolean written =
        env.flag(
            "EVENTS",
            false,
            "Whether events of the sale are written for those who read them by the API; a webhook"
                + " has them written in any case. Kept in the database: unset leaves what is"
                + " there.");
    return new EventSettings(
        env.isSet("EVENTS") ? Optional.of(written) : Optional.empty(),
        env.number(
            "EVENTS_KEEP_DAYS",
            EventSettings.DEFAULT_KEEP_DAYS,
            1,
            365,
            "Days that events are kept, whether they were delivered or not."),
        env.parse(
            "WEBHOOK_HOSTS",
            "",
            "Comma-separated hosts that webhooks may lead to by http and at private addresses;"
                + " all others only by https and at public ones.",
            Settings::webhookHosts),
        DeliverySettings.usual(
            env.number(
                "WEBHOOK_ATTEMPTS",
                DeliverySettings.DEFAULT_ATTEMPTS,
                1,
                100,
                "Attempts to deliver an event until it becomes a dead letter; 15 take about four"
                    + " hours.")));
  }

  private static List<String> webhookHosts(String text) {
    List<String> hosts = Environment.items(text);
    hosts.forEach(WebhookTargets::requireHost);
    return hosts;
  }

  private static Optional<SigningKeys> keys(Environment env) {
    return env.optional(
            "JWT_KEYS",
            "made once and kept in the database",
            "Keys that sign tokens, kid:base64[,kid:base64…] of 32 bytes or more each; the first"
                + " signs, all verify. They replace the kept one: the same on all nodes.")
        .flatMap(text -> env.orMistake(() -> SigningKeys.parse(text)));
  }

  private static Optional<Operators> operators(Environment env) {
    return env.optional(
            "ADMIN_TOKENS",
            "one made once and kept in DATA_DIR",
            "Operators, name:role:token[,…]; roles viewer, operator, payments, several joined by"
                + " a plus.")
        .flatMap(text -> env.orMistake(() -> Operators.parse(text)));
  }
}
