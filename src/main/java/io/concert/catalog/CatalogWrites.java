package io.concert.catalog;

import io.concert.catalog.CatalogAdmin.PutLayout;
import io.concert.catalog.CatalogAdmin.Refusal;
import io.concert.catalog.CatalogAdmin.Reply;
import io.concert.catalog.document.PackedLayout;
import io.concert.domain.Actor;
import io.concert.domain.ConcertId;
import io.concert.domain.ScheduleId;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Every change of the catalogue, each within its caller's transaction; the statements for dates.
 */
public final class CatalogWrites {
  private final CatalogTransaction transaction;

  /**
   * @param connection in a transaction
   */
  public CatalogWrites(SqlClient connection, Actor actor) {
    this.transaction = new CatalogTransaction(connection, actor);
  }

  public Future<Reply<ConcertId>> createConcert(NewConcert concert) {
    return new ConcertWrites(transaction).create(concert);
  }

  Future<Reply<ConcertDetails>> changeConcert(ConcertId concert, ConcertChange change) {
    return new ConcertWrites(transaction).change(concert, change);
  }

  /** Makes a plan ready, knowing what the date had before and the least index that is new. */
  public interface Packing {
    Future<PackedLayout> after(Optional<PackedLayout.Former> former, int nextIndex);
  }

  public Future<Reply<PutLayout>> putLayout(ScheduleId schedule, Packing packing) {
    return new LayoutWrites(transaction).put(schedule, packing);
  }

  private static final String INSERT_SCHEDULE =
      """
      insert into schedule (concert_id, starts_at, opens_at, closes_at, refund_until)
      select id, $2, $3, $4, $5 from concert where id = $1
      returning id
      """;

  public Future<Reply<ScheduleId>> createSchedule(NewSchedule schedule) {
    ScheduleTimes times = schedule.times();
    return whyNotPossible(times, true)
        .compose(
            why ->
                why.isPresent()
                    ? CatalogTransaction.refused(why.get())
                    : insertSchedule(schedule, times));
  }

  private static final String IS_OVER = "select $1 <= clock_timestamp() as over";

  /**
   * @param startIsNew whether the start is to be looked at: one that is past already stays
   */
  private Future<Optional<Refusal>> whyNotPossible(ScheduleTimes times, boolean startIsNew) {
    Optional<Refusal> contradiction = times.contradiction();
    if (contradiction.isPresent() || !startIsNew) {
      return Future.succeededFuture(contradiction);
    }
    return transaction
        .run(IS_OVER, Tuple.of(time(times.startsAt())))
        .map(
            rows ->
                rows.iterator().next().getBoolean("over")
                    ? Optional.of(Refusal.IN_THE_PAST)
                    : Optional.empty());
  }

  private Future<Reply<ScheduleId>> insertSchedule(NewSchedule schedule, ScheduleTimes times) {
    return transaction
        .run(
            INSERT_SCHEDULE,
            Tuple.of(
                schedule.concert().number(),
                time(times.startsAt()),
                time(times.opensAt()),
                time(times.closesAt()),
                time(times.refundUntil())))
        .map(CatalogTransaction::id)
        .compose(
            id ->
                id == null
                    ? CatalogTransaction.refused(Refusal.UNKNOWN_CONCERT)
                    : transaction.audited(
                        "schedule.create",
                        new ScheduleId(id),
                        detail(times).put("concert", schedule.concert().toString()),
                        new ScheduleId(id)));
  }

  private static final String SET_SALE_STATE =
      """
      update schedule set state = $2 where id = $1 and state in (0, 1)
      returning id
      """;
  private static final String SCHEDULE_EXISTS = "select id from schedule where id = $1";

  Future<Reply<SaleSwitch>> setSaleState(ScheduleId schedule, SaleSwitch to) {
    return transaction
        .lock(schedule)
        .compose(locked -> transaction.run(SET_SALE_STATE, Tuple.of(schedule.number(), to.code())))
        .compose(
            updated ->
                updated.size() == 1
                    ? transaction.audited(
                        to == SaleSwitch.OPEN ? "schedule.open" : "schedule.close",
                        schedule,
                        new JsonObject(),
                        to)
                    : transaction
                        .run(SCHEDULE_EXISTS, Tuple.of(schedule.number()))
                        .compose(
                            found ->
                                CatalogTransaction.refused(
                                    found.size() == 1
                                        ? Refusal.CANCELLED
                                        : Refusal.UNKNOWN_SCHEDULE)));
  }

  private static JsonObject detail(ScheduleTimes times) {
    return new JsonObject()
        .put("startsAt", times.startsAt().toString())
        .put("opensAt", times.opensAt().map(Instant::toString).orElse(null))
        .put("closesAt", times.closesAt().map(Instant::toString).orElse(null))
        .put("refundUntil", times.refundUntil().map(Instant::toString).orElse(null));
  }

  private static final String CANCEL =
      """
      with flipped as (
        update schedule set state = 2 where id = $1 and state <> 2 returning id
      ), told as (
        insert into outbox (kind, at, schedule_id)
        select 3, clock_timestamp(), f.id from flipped f, event_setting s
        where s.by_setting or s.by_webhooks
      )
      select id from flipped
      """;

  Future<Reply<SaleSwitch>> cancel(ScheduleId schedule) {
    return transaction
        .lock(schedule)
        .compose(locked -> transaction.run(CANCEL, Tuple.of(schedule.number())))
        .compose(
            flipped ->
                flipped.size() == 1
                    ? transaction.audited(
                        "schedule.cancel", schedule, new JsonObject(), SaleSwitch.CANCELLED)
                    : transaction
                        .run(SCHEDULE_EXISTS, Tuple.of(schedule.number()))
                        .compose(
                            found ->
                                found.size() == 1
                                    ? CatalogTransaction.done(SaleSwitch.CANCELLED)
                                    : CatalogTransaction.refused(Refusal.UNKNOWN_SCHEDULE)));
  }

  private static final String LOCK_TIMES =
      """
      select state, starts_at, opens_at, closes_at, refund_until from schedule
      where id = $1 for no key update
      """;
  private static final String SET_TIMES =
      """
      update schedule set starts_at = $2, opens_at = $3, closes_at = $4, refund_until = $5
      where id = $1
      """;

  Future<Reply<ScheduleTimes>> changeTimes(ScheduleId schedule, ScheduleChange change) {
    return transaction
        .lock(schedule)
        .compose(locked -> transaction.run(LOCK_TIMES, Tuple.of(schedule.number())))
        .compose(
            rows -> {
              if (rows.size() == 0) {
                return CatalogTransaction.refused(Refusal.UNKNOWN_SCHEDULE);
              }
              Row row = rows.iterator().next();
              if (SaleSwitch.ofCode(row.getInteger("state")) == SaleSwitch.CANCELLED) {
                return CatalogTransaction.refused(Refusal.CANCELLED);
              }
              ScheduleTimes times = change.applyTo(times(row));
              return whyNotPossible(times, change.movesShow())
                  .compose(
                      why ->
                          why.isPresent()
                              ? CatalogTransaction.refused(why.get())
                              : setTimes(schedule, times));
            });
  }

  private Future<Reply<ScheduleTimes>> setTimes(ScheduleId schedule, ScheduleTimes times) {
    Tuple row =
        Tuple.of(
            schedule.number(),
            time(times.startsAt()),
            time(times.opensAt()),
            time(times.closesAt()),
            time(times.refundUntil()));
    return transaction
        .run(SET_TIMES, row)
        .compose(set -> transaction.audited("schedule.times", schedule, detail(times), times));
  }

  private static ScheduleTimes times(Row row) {
    return new ScheduleTimes(
        row.getOffsetDateTime("starts_at").toInstant(),
        instant(row.getOffsetDateTime("opens_at")),
        instant(row.getOffsetDateTime("closes_at")),
        instant(row.getOffsetDateTime("refund_until")));
  }

  private static Optional<Instant> instant(@Nullable OffsetDateTime time) {
    return Optional.ofNullable(time).map(OffsetDateTime::toInstant);
  }

  private static @Nullable OffsetDateTime time(Optional<Instant> instant) {
    return instant.map(CatalogWrites::time).orElse(null);
  }

  private static OffsetDateTime time(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
