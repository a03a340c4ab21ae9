package io.concert.postgres;

import static io.concert.Patience.until;

import io.concert.postgres.server.DatabaseUrl;
import io.concert.postgres.server.EmbeddedServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * A migrated database of a test's own on a real server that all tests of this JVM share: the one of
 * {@code TEST_DATABASE_URL}, else a container where Docker answers, else the embedded one.
 */
public final class TestDatabase implements AutoCloseable {
  private static final int POOL = 16;
  private static final AtomicInteger count = new AtomicInteger();

  private final String name;
  private final Database database;

  /** Started once, when the first test asks. */
  private static final class Server {
    static final String URL = start();

    /** Migrated once and copied for each test, which is ten times faster than migrating each. */
    static final String TEMPLATE = migratedTemplate();

    private static String migratedTemplate() {
      String template = "template_" + ProcessHandle.current().pid();
      TestDatabase.execute(URL, "create database " + template);
      var settings =
          new DatabaseSettings(
              Optional.of(DatabaseUrl.parse(url(template))), POOL, Path.of("unused"));
      Database.open(settings).close();
      return template;
    }

    private static String start() {
      return Optional.ofNullable(System.getenv("TEST_DATABASE_URL"))
          .or(Server::container)
          .orElseGet(Server::embedded);
    }

    @SuppressWarnings("resource") // Lives as long as the JVM; Testcontainers removes it then.
    private static Optional<String> container() {
      if (!DockerClientFactory.instance().isDockerAvailable()) {
        return Optional.empty();
      }
      PostgreSQLContainer container = new PostgreSQLContainer("postgres:18");
      container.start();
      return Optional.of(
          "postgresql://%s:%s@%s:%d/%s"
              .formatted(
                  container.getUsername(),
                  container.getPassword(),
                  container.getHost(),
                  container.getFirstMappedPort(),
                  container.getDatabaseName()));
    }

    private static String embedded() {
      try {
        Path directory = Files.createTempDirectory("concert-test-postgres");
        EmbeddedServer server = EmbeddedServer.start(directory);
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        return withPassword(server.url());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private TestDatabase(String name, Database database) {
    this.name = name;
    this.database = database;
  }

  public static TestDatabase create() {
    String name = "test_" + ProcessHandle.current().pid() + "_" + count.incrementAndGet();
    execute(Server.URL, "create database " + name + " template " + Server.TEMPLATE);
    return new TestDatabase(name, Database.migrated(url(name), POOL));
  }

  private static String url(String database) {
    return Server.URL.substring(0, Server.URL.lastIndexOf('/') + 1) + database;
  }

  public String name() {
    return name;
  }

  /** The same for another role. */
  String urlAs(String user, String password) {
    String url = url();
    return "postgresql://" + user + ":" + password + url.substring(url.indexOf('@'));
  }

  /** What a node would be given as {@code DATABASE_URL}. */
  public String url() {
    return url(name);
  }

  public Sql sql(Vertx vertx) {
    return database.sql(vertx);
  }

  /**
   * A pool of its own, through whatever stands before the database.
   *
   * @param url where that listens
   */
  public Sql sql(Vertx vertx, String url, int connections) {
    return Database.migrated(url, connections).sql(vertx);
  }

  /** A plain connection for set-up and assertions; the caller closes it. */
  public Connection jdbc() throws SQLException {
    return connect(url());
  }

  /** Runs one statement for set-up. */
  public void execute(String sql) {
    execute(url(), sql);
  }

  /**
   * @return the first column of the only row
   */
  public long number(String sql) {
    return number(url(), sql);
  }

  /** Waits until somebody in this database waits for a lock; it has to be who is asked here. */
  public void awaitLockedOut(Future<?> asked) {
    String lockedOut =
        """
        select count(*) from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'
        """;
    until(
        () -> {
          if (number(lockedOut) > 0) {
            return true;
          }
          if (asked.isComplete()) {
            throw new AssertionError("it had to wait");
          }
          return false;
        });
  }

  static long number(String url, String sql) {
    try (Connection connection = connect(url);
        Statement statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  @Override
  public void close() {
    database.close();
    execute(Server.URL, "drop database if exists " + name + " with (force)");
  }

  static void execute(String url, String sql) {
    try (Connection connection = connect(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  /** In one line, as nothing here is secret. */
  static String withPassword(DatabaseUrl url) {
    return "postgresql://%s:%s@%s/%s"
        .formatted(url.user(), url.password(), url.servers().get(0), url.database());
  }

  static Connection connect(String url) throws SQLException {
    var server = DatabaseUrl.parse(url);
    return DriverManager.getConnection(server.jdbc(300), server.user(), server.password());
  }
}
