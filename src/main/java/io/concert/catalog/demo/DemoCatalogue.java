package io.concert.catalog.demo;

import io.concert.catalog.CatalogAdmin.Done;
import io.concert.catalog.CatalogAdmin.Reply;
import io.concert.catalog.CatalogWrites;
import io.concert.catalog.NewConcert;
import io.concert.catalog.NewSchedule;
import io.concert.domain.Actor;
import io.concert.domain.Fault;
import io.concert.domain.RoomId;
import io.concert.postgres.Sql;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Concerts to try the service with: real seat plans, prices and titles of our own. On sale from the
 * moment of loading until each show begins.
 */
public final class DemoCatalogue {
  private static final Actor ACTOR = new Actor("demo-data", "service", "demo-data");
  private static final int HOLD_LIMIT = 4;

  /** The cluster's lock can be granted twice; this one can't. */
  private static final String LOCK =
      "select pg_try_advisory_xact_lock(hashtext('demo-catalogue')) as locked";

  private static final String LOOK =
      "select exists (select from concert) as present, clock_timestamp() as now";

  private static final Duration WITHIN = Duration.ofMinutes(2);

  private final Vertx vertx;
  private final Sql sql;

  /** Run under the cluster's lock, in which twice would be waste, no harm. */
  public DemoCatalogue(Vertx vertx, Sql sql) {
    this.vertx = vertx;
    this.sql = sql;
  }

  /**
   * Loads all demo concerts, in one transaction, unless there is any concert or another node is
   * loading. Needs the waiting room {@link RoomId#DEFAULT}.
   *
   * @return whether it loaded; fails with a {@link Fault}
   */
  public Future<Boolean> loadIfEmpty() {
    return sql.transaction(
        WITHIN,
        connection ->
            first(connection, LOCK)
                .compose(
                    lock ->
                        lock.getBoolean("locked")
                            ? first(connection, LOOK).compose(found -> load(connection, found))
                            : Future.succeededFuture(false)));
  }

  private static Future<Row> first(SqlConnection connection, String sql) {
    return Sql.execute(connection, sql, Tuple.tuple()).map(rows -> rows.iterator().next());
  }

  private Future<Boolean> load(SqlConnection connection, Row found) {
    return found.getBoolean("present")
        ? Future.succeededFuture(false)
        : load(connection, found.getOffsetDateTime("now").toInstant());
  }

  /** One show after the other: only one plan is in memory at a time. */
  private Future<Boolean> load(SqlConnection connection, Instant now) {
    var writes = new CatalogWrites(connection, ACTOR);
    Future<Boolean> done = Future.succeededFuture(true);
    for (DemoShow show : DemoShow.ALL) {
      done = done.compose(before -> load(writes, show, now)).map(true);
    }
    return done;
  }

  private Future<Void> load(CatalogWrites writes, DemoShow show, Instant now) {
    var concert =
        new NewConcert(show.title(), show.venue(), RoomId.DEFAULT, show.timeZone(), HOLD_LIMIT);
    return vertx
        .executeBlocking(() -> show.layout(), false)
        .compose(
            layout ->
                done(writes.createConcert(concert))
                    .compose(
                        id -> {
                          Future<Void> dates = Future.succeededFuture();
                          for (Instant startsAt : show.dates(now)) {
                            var date =
                                new NewSchedule(
                                    id, startsAt, Optional.of(now), Optional.of(startsAt));
                            dates =
                                dates
                                    .compose(before -> done(writes.createSchedule(date)))
                                    .compose(
                                        made ->
                                            done(
                                                writes.putLayout(
                                                    made,
                                                    (former, next) ->
                                                        Future.succeededFuture(layout))))
                                    .mapEmpty();
                          }
                          return dates;
                        }));
  }

  /** A refusal here means that the set-up before was not done. */
  private static <T> Future<T> done(Future<Reply<T>> reply) {
    return reply.compose(
        verdict ->
            verdict instanceof Done<T> done
                ? Future.succeededFuture(done.value())
                : Future.failedFuture(
                    new Fault(Fault.Kind.INTERNAL, "demo data refused: " + verdict)));
  }
}
