package io.concert.postgres.server;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The embedded server's files, and what is done with them: initialize, start, close the door. Every
 * connection needs a password, which only the owner of the files can read: a superuser of the
 * database runs commands as its owner.
 *
 * @param files the server's data directory
 * @param passwords in libpq's form
 */
record ServerFiles(Path files, Path passwords) {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final String USER = "postgres";

  private static final String WITH_PASSWORD =
      """
      # Written by concert-reservation: everybody needs the password in postgres.passfile.
      local all all scram-sha-256
      host all all 127.0.0.1/32 scram-sha-256
      host all all ::1/128 scram-sha-256
      local replication all scram-sha-256
      host replication all 127.0.0.1/32 scram-sha-256
      host replication all ::1/128 scram-sha-256
      """;

  /** Only until the password has been set: of an older version's files, or after it was lost. */
  private static final String WITHOUT_PASSWORD =
      """
      host postgres postgres 127.0.0.1/32 trust
      """;

  static ServerFiles in(Path dataDirectory) {
    Path directory = dataDirectory.toAbsolutePath().normalize();
    return new ServerFiles(directory.resolve("postgres"), directory.resolve("postgres.passfile"));
  }

  DatabaseUrl url(int port) {
    return DatabaseUrl.parse(
        "postgresql://%s@127.0.0.1:%d/postgres?passfile=%s"
            .formatted(USER, port, DatabaseUrl.encodePath(passwords)));
  }

  /** Who serves these files already, if anybody does. */
  Optional<RunningServer> running() throws IOException {
    return RunningServer.of(files, password().orElse(""));
  }

  /** Starts a server, on new files if there are none. Blocks until it takes connections. */
  RunningServer launch(int port) throws IOException {
    boolean isNew = !Files.exists(files.resolve("postgresql.conf"));
    boolean hadPassword = password().isPresent();
    String password = password().orElseGet(() -> PasswordFile.make(passwords, USER));
    // The library's own lock, which it keeps for ever if a start fails; DATA_DIR has ours.
    Files.deleteIfExists(files.resolve("epg-lock"));
    EmbeddedPostgres.Builder builder = builder(port).setConnectConfig("password", password);
    if (isNew) {
      Path once = Files.createTempFile(passwords.getParent(), "postgres", ".new");
      try {
        Files.writeString(once, password + "\n");
        builder
            .setLocaleConfig("pwfile", once.toString())
            .setLocaleConfig("auth", "scram-sha-256")
            .setDataDirectoryCustomizer(made -> writeAccess(WITH_PASSWORD));
        return started(builder);
      } finally {
        Files.deleteIfExists(once);
      }
    }
    if (!hadPassword || !isClosed()) {
      writeAccess(WITHOUT_PASSWORD);
    }
    return started(builder);
  }

  private RunningServer started(EmbeddedPostgres.Builder builder) throws IOException {
    var unused = builder.start();
    return running().orElseThrow(() -> new IOException("the server ended at once"));
  }

  private EmbeddedPostgres.Builder builder(int port) {
    return EmbeddedPostgres.builder()
        .setDataDirectory(files)
        .setCleanDataDirectory(false)
        // Our own order of going down stops it last; its hook would run beside ours.
        .setRegisterShutdownHook(false)
        .setPort(port)
        .setPGStartupWait(START_LIMIT)
        // The library's defaults are for throwaway tests and lose commits in a power cut.
        .setServerConfig("fsync", "on")
        .setServerConfig("synchronous_commit", "on")
        .setServerConfig("full_page_writes", "on")
        .setServerConfig("listen_addresses", "127.0.0.1")
        .setServerConfig("logging_collector", "on")
        .setServerConfig("log_filename", "server-%a.log")
        .setServerConfig("log_truncate_on_rotation", "on");
  }

  /** Sees to it that the running server lets nobody in without the password. */
  void requirePasswords(int port) throws IOException {
    if (isClosed() && password().isPresent()) {
      return;
    }
    String password = password().orElseGet(() -> PasswordFile.make(passwords, USER));
    try (Connection connection = DriverManager.getConnection(url(port).jdbc(10), USER, password);
        Statement statement = connection.createStatement()) {
      // Letters, digits, - and _ only.
      statement.execute("alter role " + USER + " password '" + password + "'");
      writeAccess(WITH_PASSWORD);
      statement.execute("select pg_reload_conf()");
    } catch (SQLException e) {
      throw new IOException("its password can't be set: " + e.getMessage(), e);
    }
  }

  private Optional<String> password() {
    return Files.exists(passwords)
        ? PasswordFile.find(
            passwords, List.of(new DatabaseUrl.Server("127.0.0.1", 0)), "postgres", USER)
        : Optional.empty();
  }

  private boolean isClosed() throws IOException {
    Path access = files.resolve("pg_hba.conf");
    return Files.exists(access) && Files.readString(access).equals(WITH_PASSWORD);
  }

  private void writeAccess(String lines) {
    try {
      Files.writeString(files.resolve("pg_hba.conf"), lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
