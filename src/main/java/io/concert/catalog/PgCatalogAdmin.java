package io.concert.catalog;

import io.concert.catalog.document.PackedLayout;
import io.concert.catalog.layout.SeatPlaces;
import io.concert.catalog.placement.LayoutDraft;
import io.concert.catalog.placement.LayoutPlacement;
import io.concert.domain.Actor;
import io.concert.domain.ConcertId;
import io.concert.domain.ScheduleId;
import io.concert.postgres.Sql;
import io.concert.postgres.batch.KeyedChange;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** Changes the catalogue in PostgreSQL, each change and its audit row in one transaction. */
public final class PgCatalogAdmin implements CatalogAdmin {
  /** A stadium's rows; the request that brings them ends before. */
  private static final Duration IMPORT = Duration.ofSeconds(65);

  private final Vertx vertx;
  private final Sql sql;
  private final Runnable changed;

  /**
   * @param changed told after each change, so that this node's {@link PgCatalog#refresh} needn't
   *     wait a second; other nodes do
   */
  public PgCatalogAdmin(Vertx vertx, Sql sql, Runnable changed) {
    this.vertx = vertx;
    this.sql = sql;
    this.changed = changed;
  }

  @Override
  public Future<Reply<ConcertId>> createConcert(NewConcert concert, Actor actor) {
    return write(ConcertId.class, actor, writes -> writes.createConcert(concert));
  }

  @Override
  public Future<Reply<ConcertDetails>> changeConcert(
      ConcertId concert, ConcertChange change, Actor actor) {
    return write(ConcertDetails.class, actor, writes -> writes.changeConcert(concert, change));
  }

  @Override
  public Future<Reply<ScheduleId>> createSchedule(NewSchedule schedule, Actor actor) {
    return write(ScheduleId.class, actor, writes -> writes.createSchedule(schedule));
  }

  @Override
  public Future<Reply<PutLayout>> putLayout(ScheduleId schedule, LayoutDraft layout, Actor actor) {
    return vertx
        .executeBlocking(() -> LayoutPlacement.place(layout), false)
        .compose(
            places ->
                write(
                    IMPORT,
                    PutLayout.class,
                    actor,
                    writes ->
                        writes.putLayout(
                            schedule, (former, next) -> pack(layout, places, former, next))));
  }

  private Future<PackedLayout> pack(
      LayoutDraft layout, SeatPlaces places, Optional<PackedLayout.Former> former, int nextIndex) {
    return vertx.executeBlocking(
        () ->
            former.isPresent()
                ? PackedLayout.after(former.get(), nextIndex, layout, places)
                : PackedLayout.first(layout, places),
        false);
  }

  @Override
  public Future<Reply<SaleSwitch>> setSaleState(ScheduleId schedule, boolean open, Actor actor) {
    SaleSwitch to = open ? SaleSwitch.OPEN : SaleSwitch.CLOSED;
    return write(SaleSwitch.class, actor, writes -> writes.setSaleState(schedule, to));
  }

  @Override
  public Future<Reply<ScheduleTimes>> changeTimes(
      ScheduleId schedule, ScheduleChange change, Actor actor) {
    return write(ScheduleTimes.class, actor, writes -> writes.changeTimes(schedule, change));
  }

  @Override
  public Future<Reply<SaleSwitch>> cancel(ScheduleId schedule, Actor actor) {
    return write(SaleSwitch.class, actor, writes -> writes.cancel(schedule));
  }

  private <T> Future<Reply<T>> write(
      Class<T> type, Actor actor, Function<CatalogWrites, Future<Reply<T>>> work) {
    return write(Sql.TRANSACTION, type, actor, work);
  }

  /** After a fault, too: the outcome may be unknown. */
  private <T> Future<Reply<T>> write(
      Duration within, Class<T> type, Actor actor, Function<CatalogWrites, Future<Reply<T>>> work) {
    return sql.transaction(
            within,
            connection ->
                KeyedChange.once(
                    connection,
                    actor.key(),
                    new KeptReply<>(type),
                    () -> work.apply(new CatalogWrites(connection, actor))))
        .onComplete(outcome -> changed.run());
  }
}
