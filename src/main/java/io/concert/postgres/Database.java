package io.concert.postgres;

import io.concert.postgres.server.DatabaseUrl;
import io.concert.postgres.server.EmbeddedServer;
import io.concert.postgres.server.StartPatience;
import io.concert.postgres.server.WritableServer;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlConnectOptions;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A migrated PostgreSQL database, embedded or existing, that this node may use. */
public final class Database implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Database.class);

  /** What is neither answered nor acknowledged by then is dead: unplugged, dropped, frozen. */
  private static final Duration UNACKNOWLEDGED = Duration.ofSeconds(5);

  /** To connect, to log in and to set the session up; nothing else watches over that. */
  private static final Duration LOG_IN = Duration.ofSeconds(5);

  private static final Duration IDLE = Duration.ofMinutes(5);

  /** So that connections find their way to servers, addresses and balancers that are new. */
  private static final Duration LIFETIME = Duration.ofMinutes(30);

  private final DatabaseUrl url;
  private final int poolSize;
  private final SessionSettings session;
  private final AutoCloseable server;

  private Database(DatabaseUrl url, int poolSize, SessionSettings session, AutoCloseable server) {
    this.url = url;
    this.poolSize = poolSize;
    this.session = session;
    this.server = server;
  }

  /**
   * Starts the embedded server if no URL is set, and brings the schema up to this program. Blocks
   * for seconds, up to minutes if the server doesn't answer.
   *
   * @throws IllegalStateException if the server can't be started, reached or trusted, in words for
   *     the operator
   */
  public static Database open(DatabaseSettings settings) {
    EmbeddedServer embedded =
        settings.url().isPresent() ? null : EmbeddedServer.start(settings.dataDirectory());
    DatabaseUrl url = embedded == null ? settings.url().orElseThrow() : embedded.url();
    try {
      ServerStart start = new ServerStart(url, new StartPatience());
      SessionSettings session = start.check(settings);
      start.migrate();
      return new Database(
          url, settings.poolSize(), session, embedded == null ? () -> {} : embedded);
    } catch (RuntimeException e) {
      if (embedded != null) {
        embedded.close();
      }
      throw e;
    }
  }

  /** A database of an existing server that is known to have this program's schema. */
  static Database migrated(String url, int poolSize) {
    return new Database(DatabaseUrl.parse(url), poolSize, SessionSettings.USUAL, () -> {});
  }

  /** The database's identity, made with its schema: nodes of one cluster must agree on it. */
  public String id() {
    return new ServerStart(url, new StartPatience()).id();
  }

  /** What another node would set as {@code DATABASE_URL} to share this database; no password. */
  public String shareableUrl() {
    return url.toString();
  }

  /** Runs SQL on a pool of its own, which is closed with {@code vertx}. */
  public Sql sql(Vertx vertx) {
    WritableServer writable = new WritableServer(vertx, url.servers(), this::options, transport());
    return new Sql(
        vertx,
        pool(vertx, writable),
        new SqlConnections.Limits(poolSize, failsOver()),
        session,
        writable::doubt);
  }

  private boolean failsOver() {
    return url.servers().size() > 1;
  }

  private Pool pool(Vertx vertx, WritableServer writable) {
    return PgBuilder.pool()
        .with(
            new PoolOptions()
                .setMaxSize(poolSize)
                .setMaxWaitQueueSize(poolSize)
                // Waiting is up to SqlConnections.
                .setConnectionTimeout(0)
                .setIdleTimeout((int) IDLE.toSeconds())
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setMaxLifetime((int) LIFETIME.toSeconds())
                .setMaxLifetimeUnit(TimeUnit.SECONDS))
        .with(transport())
        .withConnectHandler(this::setUp)
        .connectingTo(() -> writable.get().map(SqlConnectOptions.class::cast))
        .using(vertx)
        .build();
  }

  private static NetClientOptions transport() {
    return new NetClientOptions()
        .setTcpKeepAlive(true)
        .setTcpUserTimeout((int) UNACKNOWLEDGED.toMillis())
        .setReadIdleTimeout((int) LOG_IN.toSeconds())
        .setIdleTimeoutUnit(TimeUnit.SECONDS)
        .setConnectTimeout((int) TimeUnit.SECONDS.toMillis(2));
  }

  private PgConnectOptions options(DatabaseUrl.Server server) {
    PgConnectOptions options = url.options(server);
    // All that PgBouncer takes at a start; the client's own defaults have one more.
    options.setProperties(
        Map.of(
            "application_name",
            "concert-reservation",
            "client_encoding",
            "utf8",
            "DateStyle",
            "ISO"));
    return options
        .setCachePreparedStatements(!session.perTransaction())
        .setUseLayer7Proxy(session.perTransaction());
  }

  /** One that can't be set up is cut, which tells the pool and those who wait for it. */
  private void setUp(SqlConnection connection) {
    var unused =
        session
            .apply(connection)
            .compose(
                set -> {
                  PhysicalConnection.established(connection);
                  return connection.close();
                })
            .onFailure(
                failure -> {
                  log.warn("a database connection can't be used: {}", failure.getMessage());
                  PhysicalConnection.cut(connection);
                });
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
