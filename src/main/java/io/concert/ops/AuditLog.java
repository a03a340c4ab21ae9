package io.concert.ops;

import io.concert.postgres.Sql;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/**
 * What operators have changed. Anyone who changes something writes here in the same transaction.
 */
public final class AuditLog {
  private static final String READ =
      """
      select id, at, operator, role, action, subject, detail, request_id
      from audit where id < $1 order by id desc limit $2
      """;

  private final Sql sql;

  public AuditLog(Sql sql) {
    this.sql = sql;
  }

  /**
   * @param action what was done, {@code concert.create}
   * @param subject to what, {@code c12}
   */
  public record Entry(
      long id,
      Instant at,
      String operator,
      String role,
      String action,
      String subject,
      JsonObject detail,
      String requestId) {}

  /** The newest entries before {@code before}, newest first; {@link Long#MAX_VALUE} for all. */
  public Future<List<Entry>> read(long before, int limit) {
    return sql.query(READ, Tuple.of(before, limit))
        .map(
            rows -> {
              List<Entry> entries = new ArrayList<>();
              rows.forEach(row -> entries.add(entry(row)));
              return entries;
            });
  }

  private static Entry entry(Row row) {
    OffsetDateTime at = row.getOffsetDateTime("at");
    return new Entry(
        row.getLong("id"),
        at.toInstant(),
        row.getString("operator"),
        row.getString("role"),
        row.getString("action"),
        row.getString("subject"),
        row.getJsonObject("detail"),
        row.getString("request_id"));
  }
}
