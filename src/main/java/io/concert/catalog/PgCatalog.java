package io.concert.catalog;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.concert.catalog.document.LayoutDocument;
import io.concert.catalog.layout.Layout;
import io.concert.domain.ConcertId;
import io.concert.domain.ScheduleId;
import io.concert.postgres.Sql;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The catalogue as PostgreSQL has it, kept in memory. */
public final class PgCatalog implements Catalog {
  /** About a megabyte each for a stadium. */
  private static final int LAYOUTS = 64;

  private final Vertx vertx;
  private final Sql sql;
  private final Refreshed<CatalogSnapshot> snapshot;

  /** By the database's id, for good: a layout never changes. */
  private final Cache<Long, Future<Layout>> layouts =
      Caffeine.newBuilder().maximumSize(LAYOUTS).build();

  public PgCatalog(Vertx vertx, Sql sql) {
    this.vertx = vertx;
    this.sql = sql;
    this.snapshot = new Refreshed<>(vertx, () -> CatalogSnapshot.read(sql), System::nanoTime);
  }

  /** What is known now may be outdated: the next question asks the database. */
  public void refresh() {
    snapshot.outdate();
  }

  @Override
  public Future<List<Concert>> concerts() {
    return snapshot.get().map(CatalogSnapshot::concerts);
  }

  @Override
  public Future<Optional<Concert>> concert(ConcertId id) {
    return find(known -> known.concert(id));
  }

  @Override
  public Future<Optional<Schedule>> schedule(ScheduleId id) {
    return find(known -> known.schedule(id));
  }

  /** What isn't known may have been made a moment ago, perhaps on another node. */
  private <T> Future<Optional<T>> find(Function<CatalogSnapshot, Optional<T>> look) {
    return snapshot
        .get()
        .map(look)
        .compose(
            found ->
                found.isPresent() ? Future.succeededFuture(found) : snapshot.latest().map(look));
  }

  @Override
  public Future<Layout> layout(ScheduleId id) {
    return snapshot
        .get()
        .compose(
            known ->
                known
                    .layoutOf(id)
                    .map(this::layout)
                    .orElseGet(() -> Future.succeededFuture(Layout.EMPTY)));
  }

  @Override
  public Future<Optional<Layout>> reordered(ScheduleId id) {
    return snapshot
        .get()
        .compose(
            known ->
                known.schedule(id).map(found -> found.reorderedEnd().isPresent()).orElse(false)
                    ? layout(known.layoutOf(id).orElseThrow()).map(Optional::of)
                    : Future.succeededFuture(Optional.empty()));
  }

  /** Anyone who asks first loads it; a failed load is forgotten, so that the next asks again. */
  private Future<Layout> layout(Long id) {
    Promise<Layout> mine = Promise.promise();
    Future<Layout> shared = layouts.get(id, missing -> mine.future());
    if (shared == mine.future()) {
      load(id).onFailure(failure -> layouts.asMap().remove(id, shared)).onComplete(mine);
    }
    return SharedFuture.onCallers(shared);
  }

  private static final String LAYOUT = "select digest, seats, document from layout where id = $1";

  private Future<Layout> load(Long id) {
    return sql.query(LAYOUT, Tuple.of(id))
        .compose(
            rows -> {
              Row row = rows.iterator().next();
              return vertx.executeBlocking(
                  () ->
                      LayoutDocument.unpack(
                          row.getBuffer("digest"),
                          row.getBuffer("document"),
                          row.getInteger("seats")),
                  false);
            });
  }
}
