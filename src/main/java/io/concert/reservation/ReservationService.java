package io.concert.reservation;

import io.concert.domain.Fault;
import io.concert.domain.ScheduleId;
import io.concert.domain.SeatId;
import io.concert.reservation.api.ReservationMessages.AskHolds;
import io.concert.reservation.api.ReservationMessages.ClaimsChanged;
import io.concert.reservation.api.ReservationMessages.Hold;
import io.concert.reservation.api.ReservationMessages.HoldRefusal;
import io.concert.reservation.api.ReservationMessages.HoldReply;
import io.concert.reservation.api.ReservationMessages.Holds;
import io.concert.reservation.api.ReservationMessages.NotHeld;
import io.concert.reservation.api.ReservationMessages.Noted;
import io.concert.reservation.api.ReservationMessages.RecallHold;
import io.concert.reservation.api.ReservationMessages.RecallReply;
import io.concert.reservation.api.ReservationMessages.Release;
import io.concert.reservation.api.ReservationMessages.ReleaseReply;
import io.concert.reservation.seatmap.SeatMap;
import io.concert.reservation.seatmap.SeatReply.NotForSale;
import io.concert.reservation.seatmap.SeatReply.Taken;
import io.concert.reservation.store.HoldBatch;
import io.concert.reservation.store.HoldRecords;
import io.concert.reservation.store.SeatClaims;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Holds seats and takes them back: the seat map refuses the crowd from memory, the database judges
 * the rest, the seat map hears the verdict.
 */
final class ReservationService {
  /** More than any limit; a claim marks all its seats before the database counts them. */
  static final int MOST_SEATS = 100;

  private final SeatMaps maps;
  private final SeatClaims claims;
  private final HoldRecords records;
  private final ClaimJudge judge;

  ReservationService(SeatMaps maps, SeatClaims claims) {
    this.maps = maps;
    this.claims = claims;
    this.records = claims.records();
    this.judge = new ClaimJudge(maps, claims);
  }

  /**
   * Holds all seats or none. A seat that is named twice counts once.
   *
   * @return fails with a {@link Fault}; unless its kind is OUTCOME_UNKNOWN or INTERNAL, nothing is
   *     held
   */
  Future<HoldReply> hold(Hold asked) {
    var seats = asked.seats().stream().distinct().toList();
    var foreign = seats.stream().filter(seat -> !canBeOf(asked.schedule(), seat)).toList();
    if (!foreign.isEmpty()) {
      return records.unlessHeldBefore(asked.key(), new NotHeld(HoldRefusal.NOT_ON_SALE, foreign));
    } else if (seats.size() > MOST_SEATS) {
      return records.unlessHeldBefore(
          asked.key(), new NotHeld(HoldRefusal.LIMIT_REACHED, List.of()));
    }
    var hold = new Hold(asked.room(), asked.user(), asked.schedule(), seats, asked.key());
    long claim = newClaim();
    return maps.claim(hold.schedule(), claim, hold.user(), indexes(hold))
        .recover(failure -> Future.failedFuture(nothingHappened(failure)))
        .compose(
            reply -> {
              if (reply instanceof Taken taken) {
                return refused(hold, HoldRefusal.SEAT_TAKEN, taken.seats());
              } else if (reply instanceof NotForSale house) {
                return refused(hold, HoldRefusal.NOT_ON_SALE, house.seats());
              }
              return judge.judge(hold, claim).map(HoldBatch.Judged::reply);
            });
  }

  private static boolean canBeOf(ScheduleId schedule, SeatId seat) {
    return seat.schedule().equals(schedule)
        && seat.index() >= 0
        && seat.index() < SeatMap.MAX_SEATS;
  }

  private static List<Integer> indexes(Hold hold) {
    return hold.seats().stream().map(SeatId::index).toList();
  }

  /** Odd, so never 0, which stands for no claim. */
  static long newClaim() {
    return ThreadLocalRandom.current().nextLong() | 1;
  }

  /** A claim that the grid lost is at worst a mark that runs out: the database wasn't asked. */
  static Fault nothingHappened(Throwable failure) {
    var fault = Fault.of(failure);
    return fault.kind() == Fault.Kind.OUTCOME_UNKNOWN
        ? new Fault(Fault.Kind.UNAVAILABLE, "seat map didn't answer", fault)
        : fault;
  }

  private Future<HoldReply> refused(Hold hold, HoldRefusal reason, List<Integer> indexes) {
    var seats = indexes.stream().map(index -> new SeatId(hold.schedule(), index)).toList();
    return records.unlessHeldBefore(hold.key(), new NotHeld(reason, seats));
  }

  Future<RecallReply> recall(RecallHold asked) {
    return records.recall(asked.key());
  }

  Future<Holds> holds(AskHolds asked) {
    return records.holdsOf(asked.user());
  }

  /**
   * Gives a seat back; the map shows it free when this is answered.
   *
   * @return fails as {@link #hold}
   */
  Future<ReleaseReply> release(Release asked) {
    var schedule = asked.seat().schedule();
    return claims
        .release(asked)
        .compose(
            judged ->
                (judged.seatRows().isEmpty()
                        ? Future.<Void>succeededFuture()
                        : ClaimJudge.courtesy(schedule, maps.learn(schedule, judged.seatRows())))
                    .map(told -> judged.reply()));
  }

  /** Somebody changed claims in the database, and says so to have it shown sooner. */
  Future<Noted> claimsChanged(ClaimsChanged changed) {
    return maps.learn(changed.schedule(), changed.seats()).map(learnt -> new Noted());
  }
}
