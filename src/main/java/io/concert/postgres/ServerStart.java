package io.concert.postgres;

import io.concert.postgres.DatabaseSettings.Pooler;
import io.concert.postgres.server.DatabaseUrl;
import io.concert.postgres.server.StartPatience;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first, blocking steps with a database: reach it, look whether it may be trusted, bring the
 * schema up. No step waits for ever on a link that gives no answer.
 */
final class ServerStart {
  private static final Logger log = LoggerFactory.getLogger(ServerStart.class);

  private static final int ANSWER_WITHIN_SECONDS = 10;

  /** A migration may rewrite a table that has grown for years. */
  private static final int MIGRATION_WITHIN_SECONDS = 600;

  private static final String READ_ID = "select id from installation";

  /** One that shares a session with others shares its settings, too. */
  private static final int POOLER_ROUNDS = 10;

  private final DatabaseUrl url;
  private final StartPatience patience;

  ServerStart(DatabaseUrl url, StartPatience patience) {
    this.url = url;
    this.patience = patience;
  }

  /**
   * @return how sessions have to be treated here
   * @throws IllegalStateException in words for the operator
   */
  SessionSettings check(DatabaseSettings settings) {
    return patience.call(
        "reach the database at " + url,
        () -> {
          try (Connection connection = connect();
              Statement statement = connection.createStatement()) {
            requireDurable(statement, settings.unsafe());
            boolean shared =
                settings.pooler() == Pooler.AUTO
                    ? sharesSessions(statement)
                    : settings.pooler() == Pooler.TRANSACTION;
            if (shared) {
              log.info("a pooler gives each transaction another session: settings go with each");
            }
            return new SessionSettings(settings.commit(), shared, settings.unsafe());
          }
        });
  }

  private static void requireDurable(Statement statement, boolean unsafe) throws SQLException {
    try (ResultSet row = statement.executeQuery("select " + Durability.READ)) {
      row.next();
      Durability.of(row.getString(1), row.getString(2))
          .complaint()
          .ifPresent(
              complaint -> {
                if (!unsafe) {
                  throw new IllegalStateException(complaint);
                }
                log.warn("DATABASE_UNSAFE: {}", complaint);
              });
    }
  }

  /**
   * Leaves a mark in this session and looks for it from other connections. A pooler hands on what
   * it used last; on a busy one somebody else may get it first, so several looks.
   */
  private boolean sharesSessions(Statement statement) throws SQLException {
    try (Connection other = connect();
        Statement elsewhere = other.createStatement()) {
      for (int i = 0; i < POOLER_ROUNDS; i++) {
        String mark = UUID.randomUUID().toString();
        var unused = read(statement, "select set_config('concert.mark', '" + mark + "', false)");
        if (mark.equals(read(elsewhere, "select current_setting('concert.mark', true)"))) {
          return true;
        }
        if (!mark.equals(read(statement, "select current_setting('concert.mark', true)"))) {
          return true;
        }
      }
      return false;
    }
  }

  private static String read(Statement statement, String sql) throws SQLException {
    try (ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return String.valueOf(row.getString(1));
    }
  }

  /** Brings the schema up to this program, if it isn't. */
  void migrate() {
    var unused =
        patience.call(
            "bring the schema of " + url + " up to date",
            () -> {
              Flyway quick = flyway(ANSWER_WITHIN_SECONDS);
              if (quick.info().pending().length == 0) {
                quick.validate();
              } else {
                flyway(MIGRATION_WITHIN_SECONDS).migrate();
              }
              return true;
            });
  }

  private Flyway flyway(int answerWithinSeconds) {
    return Flyway.configure()
        .dataSource(url.jdbc(answerWithinSeconds), url.user(), url.password())
        .load();
  }

  /** The database's identity, made with its schema. */
  String id() {
    return patience.call(
        "read the database's id",
        () -> {
          try (Connection connection = connect();
              Statement statement = connection.createStatement()) {
            return read(statement, READ_ID);
          }
        });
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(url.jdbc(ANSWER_WITHIN_SECONDS), url.user(), url.password());
  }
}
