package io.concert.reservation;

import io.concert.domain.ScheduleId;
import io.concert.postgres.Sql;
import io.concert.reservation.api.ReservationMessages.ExtendHold;
import io.concert.reservation.api.ReservationMessages.ExtendReply;
import io.concert.reservation.api.ReservationMessages.Extended;
import io.concert.reservation.api.ReservationMessages.NotExtended;
import io.concert.reservation.store.HoldBatch;
import io.concert.reservation.store.HoldSettings;
import io.concert.reservation.store.SeatClaims;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;

/**
 * Prolongs holds for people who need more time than others to pay (WCAG 2.2, 2.2.1), each hold
 * once. Few ask for it, so these commands go one by one.
 */
final class HoldExtensions {
  private static final String EXTEND = "select * from extend_hold($1, $2, $3)";

  private final Sql sql;
  private final SeatMaps maps;
  private final HoldSettings settings;

  HoldExtensions(Sql sql, SeatMaps maps, HoldSettings settings) {
    this.sql = sql;
    this.maps = maps;
    this.settings = settings;
  }

  /**
   * @return fails with a {@link io.concert.domain.Fault} as the database does; asked again it finds
   *     out, as a hold is prolonged once
   */
  Future<ExtendReply> extend(ExtendHold asked) {
    if (settings.extension().isZero()) {
      return Future.succeededFuture(new NotExtended(true));
    }
    return sql.query(
            EXTEND,
            Tuple.of(asked.user().number(), asked.hold().fence(), settings.extension().toMillis()))
        .compose(
            rows -> {
              Optional<Row> held = rows.stream().findFirst();
              return held.isEmpty()
                  ? Future.succeededFuture(new NotExtended(false))
                  : tell(held.get()).map(told -> new Extended(HoldBatch.heldSeat(held.get())));
            });
  }

  /** The map learns the later deadline; if it can't now, it does at its next look at the rows. */
  private Future<Void> tell(Row row) {
    if (!row.getBoolean("extended")) {
      return Future.succeededFuture();
    }
    ScheduleId schedule = SeatClaims.schedule(row);
    return ClaimJudge.courtesy(schedule, maps.learn(schedule, List.of(SeatClaims.claim(row))));
  }
}
