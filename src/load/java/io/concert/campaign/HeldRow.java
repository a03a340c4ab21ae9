package io.concert.campaign;

import io.concert.postgres.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Somebody who looked at a room by hand, locked its row, and forgot to end the transaction. */
final class HeldRow {
  private static final String LOCK = "select id from room where id = ? for update";

  private final TestDatabase database;
  private final String room;
  private @Nullable Connection holder;

  HeldRow(TestDatabase database, String room) {
    this.database = database;
    this.room = room;
  }

  void begin() {
    try {
      holder = database.jdbc();
      holder.setAutoCommit(false);
      try (PreparedStatement lock = holder.prepareStatement(LOCK)) {
        lock.setString(1, room);
        lock.execute();
      }
    } catch (SQLException e) {
      throw new IllegalStateException("locking a room's row", e);
    }
  }

  void end() {
    try {
      if (holder != null) {
        holder.close();
      }
    } catch (SQLException e) {
      throw new IllegalStateException("letting go of a room's row", e);
    }
  }
}
