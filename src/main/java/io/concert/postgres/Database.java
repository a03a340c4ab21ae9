package io.concert.postgres;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.flywaydb.core.Flyway;

/** A migrated PostgreSQL database, embedded or existing, that this node may use. */
public final class Database implements AutoCloseable {
  /** A command gives up before the request that asked for it does. */
  private static final Map<String, String> SESSION =
      Map.of(
          "statement_timeout", "4000",
          "lock_timeout", "3000",
          "idle_in_transaction_session_timeout", "10000",
          "application_name", "concert-reservation");

  private static final String READ_ID =
      """
      select id from installation
      """;

  private final PgConnectOptions options;
  private final int poolSize;
  private final AutoCloseable server;

  private Database(PgConnectOptions options, int poolSize, AutoCloseable server) {
    this.options = options;
    this.poolSize = poolSize;
    this.server = server;
  }

  /**
   * Starts the embedded server if no URL is set, and brings the schema up to this program. Blocks
   * for seconds.
   *
   * @throws IllegalStateException if the server can't be started or reached, in words for whoever
   *     runs the node
   */
  public static Database open(DatabaseSettings settings) {
    EmbeddedServer embedded =
        settings.url().isPresent() ? null : EmbeddedServer.start(settings.dataDirectory());
    String url = embedded == null ? settings.url().orElseThrow() : embedded.url();
    try {
      PgConnectOptions options = PgConnectOptions.fromUri(url);
      migrate(options);
      return new Database(options, settings.poolSize(), embedded == null ? () -> {} : embedded);
    } catch (RuntimeException e) {
      if (embedded != null) {
        embedded.close();
      }
      throw e;
    }
  }

  /** A database of an existing server that is known to have this program's schema. */
  static Database migrated(String url, int poolSize) {
    return new Database(PgConnectOptions.fromUri(url), poolSize, () -> {});
  }

  private static void migrate(PgConnectOptions options) {
    try {
      Flyway.configure()
          .dataSource(jdbcUrl(options), options.getUser(), options.getPassword())
          .connectRetries(5)
          .load()
          .migrate();
    } catch (RuntimeException e) {
      throw new IllegalStateException(
          "The database at %s:%d/%s can't be used: %s"
              .formatted(
                  options.getHost(), options.getPort(), options.getDatabase(), e.getMessage()),
          e);
    }
  }

  static String jdbcUrl(PgConnectOptions options) {
    return "jdbc:postgresql://%s:%d/%s?sslmode=%s"
        .formatted(
            options.getHost(),
            options.getPort(),
            options.getDatabase(),
            options.getSslMode().name().toLowerCase(Locale.ROOT).replace('_', '-'));
  }

  /** The database's identity, made with its schema: nodes of one cluster must agree on it. */
  public String id() {
    try (Connection connection =
            DriverManager.getConnection(
                jdbcUrl(options), options.getUser(), options.getPassword());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(READ_ID)) {
      rows.next();
      return rows.getString(1);
    } catch (SQLException e) {
      throw new IllegalStateException("The database doesn't say its id: " + e.getMessage(), e);
    }
  }

  /** What another node would set as {@code DATABASE_URL} to share this database; no password. */
  public String shareableUrl() {
    return "postgresql://%s@%s:%d/%s"
        .formatted(options.getUser(), options.getHost(), options.getPort(), options.getDatabase());
  }

  /** A new pool; it is closed with {@code vertx}. */
  public Pool pool(Vertx vertx) {
    PgConnectOptions connect = new PgConnectOptions(options).setCachePreparedStatements(true);
    SESSION.forEach(connect::addProperty);
    return PgBuilder.pool()
        .with(
            new PoolOptions()
                .setMaxSize(poolSize)
                .setMaxWaitQueueSize(1_000)
                .setConnectionTimeout(2)
                .setConnectionTimeoutUnit(TimeUnit.SECONDS))
        .with(
            new NetClientOptions()
                .setTcpKeepAlive(true)
                .setConnectTimeout((int) TimeUnit.SECONDS.toMillis(2)))
        .connectingTo(connect)
        .using(vertx)
        .build();
  }

  /** Stops the embedded server, if there is one. */
  @Override
  public void close() {
    try {
      server.close();
    } catch (Exception e) {
      throw new IllegalStateException("The embedded database didn't stop cleanly", e);
    }
  }
}
