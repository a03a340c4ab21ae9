package io.concert.catalog;

import io.concert.catalog.CatalogAdmin.Done;
import io.concert.catalog.CatalogAdmin.Refusal;
import io.concert.catalog.CatalogAdmin.Refused;
import io.concert.catalog.CatalogAdmin.Reply;
import io.concert.domain.Actor;
import io.concert.domain.ScheduleId;
import io.concert.postgres.AuditTrail;
import io.concert.postgres.Sql;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import org.jspecify.annotations.Nullable;

/**
 * What all changes of the catalogue do in their caller's transaction.
 *
 * @param connection in a transaction
 */
record CatalogTransaction(SqlClient connection, Actor actor) {
  /** The batches that judge by the date's row end first, later ones find what was changed. */
  private static final String LOCK = "select lock_schedule($1)";

  Future<RowSet<Row>> lock(ScheduleId schedule) {
    return run(LOCK, Tuple.of(schedule.number()));
  }

  <T> Future<Reply<T>> audited(String action, Record subject, JsonObject detail, T outcome) {
    return AuditTrail.write(connection, actor, action, subject.toString(), detail)
        .map(written -> new Done<>(outcome));
  }

  static <T> Future<Reply<T>> done(T outcome) {
    return Future.succeededFuture(new Done<>(outcome));
  }

  static <T> Future<Reply<T>> refused(Refusal reason) {
    return Future.succeededFuture(new Refused<>(reason));
  }

  Future<RowSet<Row>> run(String sql, Tuple arguments) {
    return Sql.execute(connection, sql, arguments);
  }

  /** Of the one row that was made; null if none was. */
  static @Nullable Long id(RowSet<Row> rows) {
    return rows.size() == 0 ? null : rows.iterator().next().getLong("id");
  }
}
