package io.concert.catalog;

import io.concert.catalog.CatalogAdmin.Done;
import io.concert.catalog.CatalogAdmin.Refusal;
import io.concert.catalog.CatalogAdmin.Refused;
import io.concert.catalog.CatalogAdmin.Reply;
import io.concert.domain.Actor;
import io.concert.domain.ConcertId;
import io.concert.postgres.AuditTrail;
import io.concert.postgres.Sql;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.ZoneId;

/** Changing a concert, within the caller's transaction. */
final class ConcertWrites {
  /** Holds under way are judged by the limit of before, later ones by the new one. */
  private static final String CHANGE =
      """
      update concert set title = coalesce($2, title), venue = coalesce($3, venue),
        time_zone = coalesce($4, time_zone), hold_limit = coalesce($5, hold_limit)
      where id = $1
      returning title, venue, time_zone, hold_limit
      """;

  private ConcertWrites() {}

  /**
   * @param connection in a transaction
   */
  static Future<Reply<ConcertDetails>> change(
      SqlClient connection, Actor actor, ConcertId concert, ConcertChange change) {
    Tuple row =
        Tuple.of(
            concert.number(),
            change.title().orElse(null),
            change.venue().orElse(null),
            change.timeZone().map(ZoneId::getId).orElse(null),
            change.holdLimit().isPresent() ? change.holdLimit().getAsInt() : null);
    return Sql.execute(connection, CHANGE, row)
        .compose(
            rows ->
                rows.size() == 0
                    ? Future.succeededFuture(new Refused<>(Refusal.UNKNOWN_CONCERT))
                    : audited(connection, actor, concert, details(rows.iterator().next())));
  }

  private static ConcertDetails details(Row row) {
    return new ConcertDetails(
        row.getString("title"),
        row.getString("venue"),
        ZoneId.of(row.getString("time_zone")),
        row.getInteger("hold_limit"));
  }

  private static Future<Reply<ConcertDetails>> audited(
      SqlClient connection, Actor actor, ConcertId concert, ConcertDetails now) {
    JsonObject detail =
        new JsonObject()
            .put("title", now.title())
            .put("venue", now.venue())
            .put("timeZone", now.timeZone().getId())
            .put("holdLimit", now.holdLimit());
    return AuditTrail.write(connection, actor, "concert.change", concert.toString(), detail)
        .map(written -> new Done<>(now));
  }
}
