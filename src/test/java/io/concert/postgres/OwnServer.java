package io.concert.postgres;

import static io.concert.Patience.until;

import io.concert.postgres.server.DatabaseUrl;
import io.concert.postgres.server.EmbeddedServer;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A server of a test's own, which may be stopped, lose what was written since a copy of its files
 * was made, or be replaced by a standby that was behind. It always has the same port.
 */
public final class OwnServer implements AutoCloseable {
  private final Path directory;
  private final Path copy;
  private EmbeddedServer server;

  private OwnServer(Path directory) {
    this.directory = directory.resolve("server");
    this.copy = directory.resolve("copy");
    this.server = EmbeddedServer.start(this.directory);
  }

  /**
   * @param directory empty
   */
  public static OwnServer start(Path directory) {
    var own = new OwnServer(directory);
    Database.open(
            new DatabaseSettings(Optional.of(DatabaseUrl.parse(own.url())), 2, Path.of("unused")))
        .close();
    return own;
  }

  public String url() {
    return TestDatabase.withPassword(server.url());
  }

  public Sql sql(Vertx vertx) {
    return Database.migrated(url(), 4).sql(vertx);
  }

  public Connection jdbc() throws SQLException {
    return TestDatabase.connect(url());
  }

  /** Copies the server's files, while it doesn't run. */
  public void makeCopy() {
    server.close();
    replace(copy, directory);
    server = EmbeddedServer.start(directory);
  }

  public void restart() {
    server.close();
    server = EmbeddedServer.start(directory);
  }

  /** All that was written since the copy is lost; the server claims to be the same. */
  public void putCopyBack() {
    server.close();
    replace(directory, copy);
    server = EmbeddedServer.start(directory);
  }

  /** A standby that has got as far as the copy takes over. */
  public void failOver() throws SQLException {
    server.close();
    replace(directory, copy);
    try {
      Files.createFile(directory.resolve("postgres").resolve("standby.signal"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server = EmbeddedServer.start(directory);
    try (var connection = jdbc();
        var statement = connection.createStatement()) {
      statement.execute("select pg_promote()");
    }
    until(
        "the standby is promoted",
        Duration.ofSeconds(30),
        () -> number("select pg_is_in_recovery()::int") == 0);
  }

  public void execute(String sql) {
    TestDatabase.execute(url(), sql);
  }

  public long number(String sql) {
    return TestDatabase.number(url(), sql);
  }

  private static void replace(Path target, Path source) {
    try {
      if (Files.exists(target)) {
        for (Path old : all(target, Comparator.reverseOrder())) {
          Files.delete(old);
        }
      }
      for (Path file : all(source, Comparator.naturalOrder())) {
        Files.copy(
            file, target.resolve(source.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
      }
      Files.setPosixFilePermissions(
          target.resolve("postgres"), PosixFilePermissions.fromString("rwx------"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> all(Path directory, Comparator<Path> order) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.sorted(order).toList();
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
