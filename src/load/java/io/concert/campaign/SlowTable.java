package io.concert.campaign;

import io.concert.postgres.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who locks the table of holds again and again: a migration by hand, a careless report.
 */
final class SlowTable {
  private static final String LOCK =
      """
      begin;
      lock table seat_claim in share row exclusive mode;
      select pg_sleep(0.5);
      commit;
      select pg_sleep(0.1);
      """;

  private final TestDatabase database;
  private volatile boolean over;
  private @Nullable Thread locker;

  SlowTable(TestDatabase database) {
    this.database = database;
  }

  void begin() {
    over = false;
    locker = new Thread(this::lockAgainAndAgain, "locker");
    locker.setDaemon(true);
    locker.start();
  }

  private void lockAgainAndAgain() {
    try (Connection connection = database.jdbc();
        Statement statement = connection.createStatement()) {
      while (!over) {
        statement.execute(LOCK);
      }
    } catch (SQLException e) {
      throw new AssertionError("locking a table", e);
    }
  }

  void end() {
    over = true;
    try {
      if (locker != null) {
        locker.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
