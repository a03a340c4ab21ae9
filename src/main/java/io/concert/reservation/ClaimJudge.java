package io.concert.reservation;

import io.concert.domain.Fault;
import io.concert.domain.ScheduleId;
import io.concert.domain.SeatId;
import io.concert.reservation.api.ReservationMessages.Hold;
import io.concert.reservation.api.ReservationMessages.SeatRow;
import io.concert.reservation.store.HoldBatch.Judged;
import io.concert.reservation.store.SeatClaims;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has the database judge what a seat map has set aside, and tells the map. */
final class ClaimJudge {
  private static final Logger log = LoggerFactory.getLogger(ClaimJudge.class);

  /**
   * The verdict stands in the database already. A grid that can't take note of it now reconciles
   * later, so the buyer doesn't wait for it until the request times out.
   */
  private static final Duration NOTE_WITHIN = Duration.ofMillis(500);

  private final SeatMaps maps;
  private final SeatClaims claims;

  ClaimJudge(SeatMaps maps, SeatClaims claims) {
    this.maps = maps;
    this.claims = claims;
  }

  /**
   * @param claim that has marked the hold's seats
   * @return fails with a {@link Fault}; unless its kind is OUTCOME_UNKNOWN or INTERNAL, nothing is
   *     held
   */
  Future<Judged> judge(Hold hold, long claim) {
    return claims
        .hold(hold)
        .compose(
            judged -> settle(hold, claim, judged.seatRows()).map(noted -> judged),
            failure -> giveUp(hold, claim, Fault.of(failure)));
  }

  /**
   * If the outcome is unknown, the marks stay and run out: freed now, the seat would be shown to
   * others while it may be held.
   */
  private Future<Judged> giveUp(Hold hold, long claim, Fault fault) {
    return switch (fault.kind()) {
      case UNAVAILABLE, OVERLOADED ->
          settle(hold, claim, List.of()).compose(noted -> Future.failedFuture(fault));
      case OUTCOME_UNKNOWN, INTERNAL -> Future.failedFuture(fault);
    };
  }

  private Future<Void> settle(Hold hold, long claim, List<SeatRow> seatRows) {
    var seats = hold.seats().stream().map(SeatId::index).toList();
    return courtesy(hold.schedule(), maps.settle(hold.schedule(), claim, seats, seatRows));
  }

  /** Never fails: what the map misses now it learns by {@link SeatMapSync}. */
  static Future<Void> courtesy(ScheduleId schedule, Future<?> told) {
    return told.timeout(NOTE_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(e -> log.warn("Seat map of {} missed a verdict: {}", schedule, e.getMessage()))
        .otherwiseEmpty()
        .mapEmpty();
  }
}
