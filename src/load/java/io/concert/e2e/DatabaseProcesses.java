package io.concert.e2e;

import io.concert.load.Processes;
import io.concert.postgres.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** What the database's own processes use. */
final class DatabaseProcesses {
  private DatabaseProcesses() {}

  /** The process that starts one for each connection. */
  static long server(TestDatabase database) {
    long connection = database.number("select pg_backend_pid()");
    return ProcessHandle.of(connection)
        .flatMap(ProcessHandle::parent)
        .map(ProcessHandle::pid)
        .orElse(connection);
  }

  /** Processor time of all connections and helpers that are alive; a pool's stay. */
  static Duration cpu(TestDatabase database) {
    Duration sum = Duration.ZERO;
    try (Connection connection = database.jdbc();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select pid from pg_stat_activity")) {
      while (rows.next()) {
        sum = sum.plus(Processes.cpu(rows.getLong(1)));
      }
      return sum;
    } catch (SQLException e) {
      throw new AssertionError("the database's processes", e);
    }
  }
}
