package io.concert.catalog;

import io.concert.catalog.CatalogAdmin.Done;
import io.concert.catalog.CatalogAdmin.PutLayout;
import io.concert.catalog.CatalogAdmin.Refusal;
import io.concert.catalog.CatalogAdmin.Refused;
import io.concert.catalog.CatalogAdmin.Reply;
import io.concert.catalog.document.PackedLayout;
import io.concert.domain.Actor;
import io.concert.domain.ConcertId;
import io.concert.domain.ScheduleId;
import io.concert.postgres.AuditTrail;
import io.concert.postgres.Sql;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The statements that change the catalogue, each within its caller's transaction. */
public final class CatalogWrites {
  private final SqlClient connection;
  private final Actor actor;

  /**
   * @param connection in a transaction
   */
  public CatalogWrites(SqlClient connection, Actor actor) {
    this.connection = connection;
    this.actor = actor;
  }

  private static final String INSERT_CONCERT =
      """
      insert into concert (title, venue, room_id, time_zone, hold_limit)
      select $1, $2, id, $4, $5 from room where id = $3
      returning id
      """;

  public Future<Reply<ConcertId>> createConcert(NewConcert concert) {
    return run(
            INSERT_CONCERT,
            Tuple.of(
                concert.title(),
                concert.venue(),
                concert.room().name(),
                concert.timeZone().getId(),
                concert.holdLimit()))
        .map(CatalogWrites::id)
        .compose(
            id ->
                id == null
                    ? refused(Refusal.UNKNOWN_ROOM)
                    : audited(
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

  Future<Reply<ConcertDetails>> changeConcert(ConcertId concert, ConcertChange change) {
    return ConcertWrites.change(connection, actor, concert, change);
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
        .compose(why -> why.isPresent() ? refused(why.get()) : insertSchedule(schedule, times));
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
    return run(IS_OVER, Tuple.of(time(times.startsAt())))
        .map(
            rows ->
                rows.iterator().next().getBoolean("over")
                    ? Optional.of(Refusal.IN_THE_PAST)
                    : Optional.empty());
  }

  private Future<Reply<ScheduleId>> insertSchedule(NewSchedule schedule, ScheduleTimes times) {
    return run(
            INSERT_SCHEDULE,
            Tuple.of(
                schedule.concert().number(),
                time(times.startsAt()),
                time(times.opensAt()),
                time(times.closesAt()),
                time(times.refundUntil())))
        .map(CatalogWrites::id)
        .compose(
            id ->
                id == null
                    ? refused(Refusal.UNKNOWN_CONCERT)
                    : audited(
                        "schedule.create",
                        new ScheduleId(id),
                        detail(times).put("concert", schedule.concert().toString()),
                        new ScheduleId(id)));
  }

  /** The batches that judge by the date's row end first, later ones find what was changed. */
  private static final String LOCK = "select lock_schedule($1)";

  private Future<RowSet<Row>> lock(ScheduleId schedule) {
    return run(LOCK, Tuple.of(schedule.number()));
  }

  private static final String SET_SALE_STATE =
      """
      update schedule set state = $2 where id = $1 and state in (0, 1)
      returning id
      """;
  private static final String SCHEDULE_EXISTS = "select id from schedule where id = $1";

  Future<Reply<SaleSwitch>> setSaleState(ScheduleId schedule, SaleSwitch to) {
    return lock(schedule)
        .compose(locked -> run(SET_SALE_STATE, Tuple.of(schedule.number(), to.code())))
        .compose(
            updated ->
                updated.size() == 1
                    ? audited(
                        to == SaleSwitch.OPEN ? "schedule.open" : "schedule.close",
                        schedule,
                        new JsonObject(),
                        to)
                    : run(SCHEDULE_EXISTS, Tuple.of(schedule.number()))
                        .compose(
                            found ->
                                refused(
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
    return lock(schedule)
        .compose(locked -> run(CANCEL, Tuple.of(schedule.number())))
        .compose(
            flipped ->
                flipped.size() == 1
                    ? audited("schedule.cancel", schedule, new JsonObject(), SaleSwitch.CANCELLED)
                    : run(SCHEDULE_EXISTS, Tuple.of(schedule.number()))
                        .compose(
                            found ->
                                found.size() == 1
                                    ? done(SaleSwitch.CANCELLED)
                                    : refused(Refusal.UNKNOWN_SCHEDULE)));
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
    return lock(schedule)
        .compose(locked -> run(LOCK_TIMES, Tuple.of(schedule.number())))
        .compose(
            rows -> {
              if (rows.size() == 0) {
                return refused(Refusal.UNKNOWN_SCHEDULE);
              }
              Row row = rows.iterator().next();
              if (SaleSwitch.ofCode(row.getInteger("state")) == SaleSwitch.CANCELLED) {
                return refused(Refusal.CANCELLED);
              }
              ScheduleTimes times = change.applyTo(times(row));
              return whyNotPossible(times, change.movesShow())
                  .compose(why -> why.isPresent() ? refused(why.get()) : setTimes(schedule, times));
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
    return run(SET_TIMES, row)
        .compose(set -> audited("schedule.times", schedule, detail(times), times));
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

  /** A stadium's rows take longer than a command may, and so does writing its plan. */
  private static final String TAKE_TIME =
      """
      select set_config('statement_timeout', '60s', true),
        set_config('idle_in_transaction_session_timeout', '60s', true)
      """;

  private static final String LOCK_SCHEDULE =
      "select state from schedule where id = $1 for no key update";

  /** A claim keeps the id of its last hold, also when that is over. */
  private static final String LOOK_FOR_USE =
      """
      select exists (select from bill where schedule_id = $1) as billed,
        exists (select from seat_claim where schedule_id = $1 and hold_id is not null) as held
      """;

  /** No date is given more indexes; the seat map takes twice as many. */
  private static final int MOST_INDEXES = 500_000;

  /** Claim rows are never deleted, so they know of every index that there was. */
  private static final String FORMER_LAYOUT =
      """
      select l.digest, l.document, l.seats,
        (select coalesce(max(c.seat) + 1, 0) from seat_claim c where c.schedule_id = s.id) as next
      from schedule s left join layout l on l.id = s.layout_id
      where s.id = $1
      """;

  private static final String INSERT_LAYOUT =
      """
      insert into layout (digest, seats, document, price_from, index_end)
      values ($1, $2, $3, $4, $5)
      on conflict (digest) do nothing
      """;
  private static final String SET_LAYOUT =
      """
      update schedule set layout_id = (select id from layout where digest = $2) where id = $1
      """;

  /**
   * Nodes that have the former layout's seats in memory learn of the change by the new fences; what
   * is as it was needn't be told. What operators have blocked stays so.
   */
  private static final String PUT_CLAIMS =
      """
      insert into seat_claim as c (schedule_id, seat, price, state)
      select $1, s.seat, s.price, case when b.seat is null then 0 else 3 end
      from unnest($2::int[], $3::bigint[]) as s (seat, price)
      left join seat_block b on b.schedule_id = $1 and b.seat = s.seat
      on conflict (schedule_id, seat) do update set price = excluded.price,
        state = excluded.state, fence = nextval('fence'), changed_tx = pg_current_xact_id()
      where (c.price, c.state) is distinct from (excluded.price, excluded.state)
      """;

  private static final String LOSES_BLOCKS =
      """
      select exists (
        select from seat_block b where b.schedule_id = $1
          and not exists (select from unnest($2::int[]) as s (seat) where s.seat = b.seat)) as loses
      """;

  /** Seats that the former layout had and this one hasn't are for nobody. */
  private static final String RETIRE_CLAIMS =
      """
      update seat_claim c
      set state = 3, fence = nextval('fence'), changed_tx = pg_current_xact_id()
      where c.schedule_id = $1 and c.state <> 3
        and not exists (select from unnest($2::int[]) as s (seat) where s.seat = c.seat)
      """;

  /** Makes a plan ready, knowing what the date had before and the least index that is new. */
  public interface Packing {
    Future<PackedLayout> after(Optional<PackedLayout.Former> former, int nextIndex);
  }

  public Future<Reply<PutLayout>> putLayout(ScheduleId schedule, Packing packing) {
    return whyNotReplaceable(schedule)
        .compose(refusal -> refusal.isPresent() ? refused(refusal.get()) : pack(schedule, packing));
  }

  private Future<Reply<PutLayout>> pack(ScheduleId schedule, Packing packing) {
    return run(FORMER_LAYOUT, Tuple.of(schedule.number()))
        .map(rows -> rows.iterator().next())
        .compose(
            row -> {
              Integer seats = row.getInteger("seats");
              return packing.after(
                  seats == null
                      ? Optional.empty()
                      : Optional.of(
                          new PackedLayout.Former(
                              row.getBuffer("digest"), row.getBuffer("document"), seats)),
                  row.getInteger("next"));
            })
        .compose(
            layout ->
                layout.indexEnd() > MOST_INDEXES
                    ? refused(Refusal.TOO_MANY_PLANS)
                    : unlessBlocksAreLost(schedule, layout));
  }

  /** A house seat must not be on sale all at once because its row has got another name. */
  private Future<Reply<PutLayout>> unlessBlocksAreLost(ScheduleId schedule, PackedLayout layout) {
    return run(LOSES_BLOCKS, Tuple.of(schedule.number()).addArrayOfInteger(layout.indexes()))
        .compose(
            rows ->
                rows.iterator().next().getBoolean("loses")
                    ? refused(Refusal.LOSES_BLOCKS)
                    : replaceSeats(schedule, layout));
  }

  private Future<Optional<Refusal>> whyNotReplaceable(ScheduleId schedule) {
    return run(TAKE_TIME, Tuple.tuple())
        .compose(set -> lock(schedule))
        .compose(locked -> run(LOCK_SCHEDULE, Tuple.of(schedule.number())))
        .compose(
            rows -> {
              if (rows.size() == 0) {
                return Future.succeededFuture(Optional.of(Refusal.UNKNOWN_SCHEDULE));
              }
              int state = rows.iterator().next().getInteger("state");
              if (SaleSwitch.ofCode(state) == SaleSwitch.CANCELLED) {
                return Future.succeededFuture(Optional.of(Refusal.CANCELLED));
              }
              return run(LOOK_FOR_USE, Tuple.of(schedule.number())).map(CatalogWrites::use);
            });
  }

  private static Optional<Refusal> use(RowSet<Row> rows) {
    Row row = rows.iterator().next();
    if (row.getBoolean("billed")) {
      return Optional.of(Refusal.HAS_BILLS);
    }
    return row.getBoolean("held") ? Optional.of(Refusal.HAS_HOLDS) : Optional.empty();
  }

  private Future<Reply<PutLayout>> replaceSeats(ScheduleId schedule, PackedLayout layout) {
    Long id = schedule.number();
    var put = new PutLayout(layout.seats(), layout.version());
    Integer[] indexes = layout.indexes();
    return run(
            INSERT_LAYOUT,
            Tuple.of(
                layout.digest(),
                layout.seats(),
                layout.gzip(),
                layout.priceFrom(),
                layout.isInOrder() ? null : layout.indexEnd()))
        .compose(inserted -> run(SET_LAYOUT, Tuple.of(id, layout.digest())))
        .compose(
            set ->
                run(
                    PUT_CLAIMS,
                    Tuple.of(id).addArrayOfInteger(indexes).addArrayOfLong(layout.prices())))
        .compose(claimed -> run(RETIRE_CLAIMS, Tuple.of(id).addArrayOfInteger(indexes)))
        .compose(
            retired ->
                audited(
                    "schedule.layout",
                    schedule,
                    new JsonObject().put("seats", put.seats()).put("version", put.version()),
                    put));
  }

  private <T> Future<Reply<T>> audited(
      String action, Record subject, JsonObject detail, T outcome) {
    return AuditTrail.write(connection, actor, action, subject.toString(), detail)
        .map(written -> new Done<>(outcome));
  }

  private static <T> Future<Reply<T>> done(T outcome) {
    return Future.succeededFuture(new Done<>(outcome));
  }

  private static <T> Future<Reply<T>> refused(Refusal reason) {
    return Future.succeededFuture(new Refused<>(reason));
  }

  private Future<RowSet<Row>> run(String sql, Tuple arguments) {
    return Sql.execute(connection, sql, arguments);
  }

  private static @Nullable Long id(RowSet<Row> rows) {
    return rows.size() == 0 ? null : rows.iterator().next().getLong("id");
  }

  private static @Nullable OffsetDateTime time(Optional<Instant> instant) {
    return instant.map(CatalogWrites::time).orElse(null);
  }

  private static OffsetDateTime time(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
