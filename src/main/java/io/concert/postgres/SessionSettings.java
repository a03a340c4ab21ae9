package io.concert.postgres;

import io.concert.postgres.DatabaseSettings.Commit;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What every session of this service relies on, whatever the server's, the database's or the role's
 * defaults are. Set by statements and not as start-up parameters, which PgBouncer refuses.
 *
 * @param perTransaction a pooler gives each transaction another session: set at each begin
 * @param unsafe whether a server that may lose commits in a crash is accepted
 */
record SessionSettings(Commit commit, boolean perTransaction, boolean unsafe) {
  static final SessionSettings USUAL = new SessionSettings(Commit.ON, false, false);

  /** In milliseconds: a command gives up before the request that asked for it does. */
  private Map<String, String> values() {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("statement_timeout", "4000");
    values.put("lock_timeout", "3000");
    values.put("idle_in_transaction_session_timeout", "10000");
    values.put("synchronous_commit", commit == Commit.ON ? "on" : "remote_apply");
    // Every function locks first and then judges by what it sees: it has to see the latest.
    values.put("default_transaction_isolation", "read committed");
    values.put("default_transaction_deferrable", "off");
    values.put("timezone", "UTC");
    return values;
  }

  /** The first statement of a transaction in a session that isn't ours alone. */
  String forTransaction() {
    return values().entrySet().stream()
        .filter(value -> !value.getKey().startsWith("default_transaction"))
        .map(value -> "set local " + value.getKey() + " = '" + value.getValue() + "'")
        .collect(Collectors.joining("; ", "set transaction isolation level read committed; ", ""));
  }

  /**
   * Makes a new connection fit for use.
   *
   * @return fails if it isn't: its settings can't be made, or its server would lose commits
   */
  Future<Void> apply(SqlConnection connection) {
    if (perTransaction) {
      return Future.succeededFuture();
    }
    String all =
        values().entrySet().stream()
            .map(
                value ->
                    "set_config('%s', '%s', false)".formatted(value.getKey(), value.getValue()))
            .collect(Collectors.joining(", ", "select " + Durability.READ + ", ", ""));
    return connection
        .query(all)
        .execute()
        .compose(
            rows -> {
              var row = rows.iterator().next();
              return Durability.of(row.getString(0), row.getString(1))
                  .complaint()
                  .filter(complaint -> !unsafe)
                  .map(complaint -> Future.<Void>failedFuture(new IllegalStateException(complaint)))
                  .orElse(Future.succeededFuture());
            });
  }
}
