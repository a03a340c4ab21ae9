package io.concert.catalog;

import io.concert.catalog.CatalogAdmin.Refusal;
import io.concert.catalog.CatalogAdmin.Reply;
import io.concert.domain.ConcertId;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.ZoneId;

/** Making and changing a concert. */
record ConcertWrites(CatalogTransaction transaction) {
  private static final String INSERT_CONCERT =
      """
      insert into concert (title, venue, room_id, time_zone, hold_limit)
      select $1, $2, id, $4, $5 from room where id = $3
      returning id
      """;

  Future<Reply<ConcertId>> create(NewConcert concert) {
    return transaction
        .run(
            INSERT_CONCERT,
            Tuple.of(
                concert.title(),
                concert.venue(),
                concert.room().name(),
                concert.timeZone().getId(),
                concert.holdLimit()))
        .map(CatalogTransaction::id)
        .compose(
            id ->
                id == null
                    ? CatalogTransaction.refused(Refusal.UNKNOWN_ROOM)
                    : transaction.audited(
                        "concert.create",
                        new ConcertId(id),
                        new JsonObject()
                            .put("title", concert.title())
                            .put("venue", concert.venue())
                            .put("room", concert.room().name())
                            .put("timeZone", concert.timeZone().getId())
                            .put("holdLimit", concert.holdLimit()),
                        new ConcertId(id)));
  }

  /** Holds under way are judged by the limit of before, later ones by the new one. */
  private static final String CHANGE =
      """
      update concert set title = coalesce($2, title), venue = coalesce($3, venue),
        time_zone = coalesce($4, time_zone), hold_limit = coalesce($5, hold_limit)
      where id = $1
      returning title, venue, time_zone, hold_limit
      """;

  Future<Reply<ConcertDetails>> change(ConcertId concert, ConcertChange change) {
    Tuple row =
        Tuple.of(
            concert.number(),
            change.title().orElse(null),
            change.venue().orElse(null),
            change.timeZone().map(ZoneId::getId).orElse(null),
            change.holdLimit().isPresent() ? change.holdLimit().getAsInt() : null);
    return transaction
        .run(CHANGE, row)
        .compose(
            rows ->
                rows.size() == 0
                    ? CatalogTransaction.refused(Refusal.UNKNOWN_CONCERT)
                    : audited(concert, details(rows.iterator().next())));
  }

  private static ConcertDetails details(Row row) {
    return new ConcertDetails(
        row.getString("title"),
        row.getString("venue"),
        ZoneId.of(row.getString("time_zone")),
        row.getInteger("hold_limit"));
  }

  private Future<Reply<ConcertDetails>> audited(ConcertId concert, ConcertDetails now) {
    JsonObject detail =
        new JsonObject()
            .put("title", now.title())
            .put("venue", now.venue())
            .put("timeZone", now.timeZone().getId())
            .put("holdLimit", now.holdLimit());
    return transaction.audited("concert.change", concert, detail, now);
  }
}
