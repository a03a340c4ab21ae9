package io.concert.catalog;

import io.concert.domain.Actor;
import io.concert.domain.ConcertId;
import io.concert.domain.ScheduleId;
import io.concert.postgres.Sql;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.function.Function;

/** Changes the catalogue in PostgreSQL, each change and its audit row in one transaction. */
public final class PgCatalogAdmin implements CatalogAdmin {
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
    return write(actor, writes -> writes.createConcert(concert));
  }

  @Override
  public Future<Reply<ScheduleId>> createSchedule(NewSchedule schedule, Actor actor) {
    return write(actor, writes -> writes.createSchedule(schedule));
  }

  @Override
  public Future<Reply<PutLayout>> putLayout(ScheduleId schedule, LayoutDraft layout, Actor actor) {
    return vertx
        .executeBlocking(() -> PackedLayout.of(layout), false)
        .compose(packed -> write(actor, writes -> writes.putLayout(schedule, packed)));
  }

  @Override
  public Future<Reply<SaleSwitch>> setSaleState(ScheduleId schedule, boolean open, Actor actor) {
    SaleSwitch to = open ? SaleSwitch.OPEN : SaleSwitch.CLOSED;
    return write(actor, writes -> writes.setSaleState(schedule, to));
  }

  @Override
  public Future<Reply<ScheduleTimes>> changeTimes(
      ScheduleId schedule, ScheduleChange change, Actor actor) {
    return write(actor, writes -> writes.changeTimes(schedule, change));
  }

  @Override
  public Future<Reply<SaleSwitch>> cancel(ScheduleId schedule, Actor actor) {
    return write(actor, writes -> writes.cancel(schedule));
  }

  /** After a fault, too: the outcome may be unknown. */
  private <T> Future<Reply<T>> write(Actor actor, Function<CatalogWrites, Future<Reply<T>>> work) {
    return sql.transaction(connection -> work.apply(new CatalogWrites(connection, actor)))
        .onComplete(outcome -> changed.run());
  }
}
