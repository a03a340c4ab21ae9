package io.concert.catalog;

import io.concert.catalog.CatalogAdmin.PutLayout;
import io.concert.catalog.CatalogAdmin.Refusal;
import io.concert.catalog.CatalogAdmin.Reply;
import io.concert.catalog.document.PackedLayout;
import io.concert.domain.ScheduleId;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;

/** Giving a date its plan, or another one. */
record LayoutWrites(CatalogTransaction transaction) {
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

  Future<Reply<PutLayout>> put(ScheduleId schedule, CatalogWrites.Packing packing) {
    return whyNotReplaceable(schedule)
        .compose(
            refusal ->
                refusal.isPresent()
                    ? CatalogTransaction.refused(refusal.get())
                    : pack(schedule, packing));
  }

  private Future<Reply<PutLayout>> pack(ScheduleId schedule, CatalogWrites.Packing packing) {
    return transaction
        .run(FORMER_LAYOUT, Tuple.of(schedule.number()))
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
                    ? CatalogTransaction.refused(Refusal.TOO_MANY_PLANS)
                    : unlessBlocksAreLost(schedule, layout));
  }

  /** A house seat must not be on sale all at once because its row has got another name. */
  private Future<Reply<PutLayout>> unlessBlocksAreLost(ScheduleId schedule, PackedLayout layout) {
    return transaction
        .run(LOSES_BLOCKS, Tuple.of(schedule.number()).addArrayOfInteger(layout.indexes()))
        .compose(
            rows ->
                rows.iterator().next().getBoolean("loses")
                    ? CatalogTransaction.refused(Refusal.LOSES_BLOCKS)
                    : replaceSeats(schedule, layout));
  }

  private Future<Optional<Refusal>> whyNotReplaceable(ScheduleId schedule) {
    return transaction
        .run(TAKE_TIME, Tuple.tuple())
        .compose(set -> transaction.lock(schedule))
        .compose(locked -> transaction.run(LOCK_SCHEDULE, Tuple.of(schedule.number())))
        .compose(
            rows -> {
              if (rows.size() == 0) {
                return Future.succeededFuture(Optional.of(Refusal.UNKNOWN_SCHEDULE));
              }
              int state = rows.iterator().next().getInteger("state");
              if (SaleSwitch.ofCode(state) == SaleSwitch.CANCELLED) {
                return Future.succeededFuture(Optional.of(Refusal.CANCELLED));
              }
              return transaction
                  .run(LOOK_FOR_USE, Tuple.of(schedule.number()))
                  .map(LayoutWrites::use);
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
    return transaction
        .run(
            INSERT_LAYOUT,
            Tuple.of(
                layout.digest(),
                layout.seats(),
                layout.gzip(),
                layout.priceFrom(),
                layout.isInOrder() ? null : layout.indexEnd()))
        .compose(inserted -> transaction.run(SET_LAYOUT, Tuple.of(id, layout.digest())))
        .compose(
            set ->
                transaction.run(
                    PUT_CLAIMS,
                    Tuple.of(id).addArrayOfInteger(indexes).addArrayOfLong(layout.prices())))
        .compose(claimed -> transaction.run(RETIRE_CLAIMS, Tuple.of(id).addArrayOfInteger(indexes)))
        .compose(
            retired ->
                transaction.audited(
                    "schedule.layout",
                    schedule,
                    new JsonObject().put("seats", put.seats()).put("version", put.version()),
                    put));
  }
}
