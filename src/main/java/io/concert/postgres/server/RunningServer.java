package io.concert.postgres.server;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A PostgreSQL server process that this JVM didn't start.
 *
 * @param pid the postmaster's
 */
record RunningServer(long pid, int port) implements Closeable {
  private static final int PID_LINE = 0;
  private static final int PORT_LINE = 3;
  private static final int STOP_SECONDS = 10;

  /**
   * Who, if anybody, is serving these files right now. A pid file alone proves nothing (the pid may
   * have gone to another program), nor does an open port (another server may listen there): the
   * server is asked which files it serves and whether it is as durable as ours must be.
   *
   * @param files the server's data directory
   * @param password of its superuser; a server of an older version asks for none
   * @throws IllegalStateException if it serves these files but must not be used
   */
  static Optional<RunningServer> of(Path files, String password) throws IOException {
    Path pidFile = files.resolve("postmaster.pid");
    if (!Files.exists(pidFile)) {
      return Optional.empty();
    }
    List<String> lines = Files.readAllLines(pidFile);
    if (lines.size() <= PORT_LINE) {
      return Optional.empty();
    }
    RunningServer found =
        new RunningServer(
            Long.parseLong(lines.get(PID_LINE).strip()),
            Integer.parseInt(lines.get(PORT_LINE).strip()));
    boolean alive = ProcessHandle.of(found.pid).map(ProcessHandle::isAlive).orElse(false);
    return alive && found.serves(files, password) ? Optional.of(found) : Optional.empty();
  }

  private boolean serves(Path files, String password) throws IOException {
    String url =
        "jdbc:postgresql://127.0.0.1:" + port + "/postgres?connectTimeout=2&socketTimeout=10";
    try (Connection connection = DriverManager.getConnection(url, "postgres", password);
        Statement statement = connection.createStatement()) {
      if (!Files.isSameFile(Path.of(show(statement, "data_directory")), files)) {
        return false;
      }
      if (!show(statement, "fsync").equals("on")
          || !show(statement, "full_page_writes").equals("on")) {
        throw new IllegalStateException(
            "The database server with pid "
                + pid
                + " runs without fsync or full_page_writes; stop it first");
      }
      return true;
    } catch (SQLException e) {
      if (StartPatience.wantsAnotherPassword(e)) {
        throw new IllegalStateException(
            "The database server with pid "
                + pid
                + " wants another password than postgres.passfile says; stop it first (kill -INT "
                + pid
                + ")",
            e);
      }
      return false;
    }
  }

  boolean isAlive() {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  List<ProcessHandle> children() {
    return ProcessHandle.of(pid).map(process -> process.children().toList()).orElse(List.of());
  }

  private static String show(Statement statement, String setting) throws SQLException {
    try (ResultSet rows = statement.executeQuery("show " + setting)) {
      rows.next();
      return rows.getString(1);
    }
  }

  /**
   * Fast shutdown (SIGINT: clients are disconnected, all is flushed). {@link ProcessHandle} only
   * sends SIGTERM, which would wait for other nodes' connections.
   */
  @Override
  public void close() throws IOException {
    Optional<ProcessHandle> process = ProcessHandle.of(pid);
    if (process.isEmpty()) {
      return;
    }
    CompletableFuture<ProcessHandle> exit = process.get().onExit();
    try {
      if (File.separatorChar == '/') {
        new ProcessBuilder("kill", "-INT", Long.toString(pid)).start().waitFor();
      } else {
        process.get().destroy(); // As a crash: it recovers at its next start.
      }
      exit.get(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while stopping server " + pid);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("server " + pid + " still runs " + STOP_SECONDS + " s after SIGINT", e);
    }
  }
}
