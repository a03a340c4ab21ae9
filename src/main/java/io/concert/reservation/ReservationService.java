package io.concert.reservation;

import io.concert.domain.Fault;
import io.concert.domain.ScheduleId;
import io.concert.domain.SeatId;
import io.concert.reservation.ReservationMessages.ClaimState;
import io.concert.reservation.ReservationMessages.ClaimsChanged;
import io.concert.reservation.ReservationMessages.Hold;
import io.concert.reservation.ReservationMessages.HoldRefusal;
import io.concert.reservation.ReservationMessages.HoldReply;
import io.concert.reservation.ReservationMessages.NotHeld;
import io.concert.reservation.ReservationMessages.Noted;
import io.concert.reservation.SeatReply.NotForSale;
import io.concert.reservation.SeatReply.Taken;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds seats: the seat map refuses the crowd from memory, the database judges the rest, the seat
 * map hears the verdict.
 */
final class ReservationService {
  private static final Logger log = LoggerFactory.getLogger(ReservationService.class);

  /** More than any limit; a claim marks all its seats before the database counts them. */
  static final int MOST_SEATS = 100;

  /**
   * The verdict stands in the database already. A grid that can't take note of it now reconciles
   * later, so the buyer doesn't wait for it until the request times out.
   */
  private static final Duration NOTE_WITHIN = Duration.ofMillis(500);

  private final SeatMaps maps;
  private final SeatClaims claims;

  ReservationService(SeatMaps maps, SeatClaims claims) {
    this.maps = maps;
    this.claims = claims;
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
      return Future.succeededFuture(new NotHeld(HoldRefusal.NOT_ON_SALE, foreign));
    } else if (seats.size() > MOST_SEATS) {
      return Future.succeededFuture(new NotHeld(HoldRefusal.LIMIT_REACHED, List.of()));
    }
    var hold = new Hold(asked.room(), asked.user(), asked.schedule(), seats);
    long claim = ThreadLocalRandom.current().nextLong() | 1;
    return maps.claim(hold.schedule(), claim, hold.user(), indexes(hold))
        .recover(failure -> Future.failedFuture(nothingHappened(failure)))
        .compose(
            reply -> {
              if (reply instanceof Taken taken) {
                return refused(HoldRefusal.SEAT_TAKEN, hold, taken.seats());
              } else if (reply instanceof NotForSale house) {
                return refused(HoldRefusal.NOT_ON_SALE, hold, house.seats());
              }
              return judge(hold, claim);
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

  /** A claim that the grid lost is at worst a mark that runs out: the database wasn't asked. */
  private static Fault nothingHappened(Throwable failure) {
    var fault = Fault.of(failure);
    return fault.kind() == Fault.Kind.OUTCOME_UNKNOWN
        ? new Fault(Fault.Kind.UNAVAILABLE, "seat map didn't answer", fault)
        : fault;
  }

  private static Future<HoldReply> refused(HoldRefusal reason, Hold hold, List<Integer> indexes) {
    var seats = indexes.stream().map(index -> new SeatId(hold.schedule(), index)).toList();
    return Future.succeededFuture(new NotHeld(reason, seats));
  }

  private Future<HoldReply> judge(Hold hold, long claim) {
    return claims
        .hold(hold)
        .compose(
            judged -> settle(hold, claim, judged.truths()).map(noted -> judged.reply()),
            failure -> giveUp(hold, claim, Fault.of(failure)));
  }

  /**
   * If the outcome is unknown, the marks stay and run out: freed now, the seat would be shown to
   * others while it may be held.
   */
  private Future<HoldReply> giveUp(Hold hold, long claim, Fault fault) {
    return switch (fault.kind()) {
      case UNAVAILABLE, OVERLOADED ->
          settle(hold, claim, List.of()).compose(noted -> Future.failedFuture(fault));
      case OUTCOME_UNKNOWN, INTERNAL -> Future.failedFuture(fault);
    };
  }

  /** Never fails: what the map misses now it learns by {@link ClaimReconciler}. */
  private Future<Void> settle(Hold hold, long claim, List<ClaimState> truths) {
    return maps.settle(hold.schedule(), claim, indexes(hold), truths)
        .timeout(NOTE_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(
            e -> log.warn("Seat map of {} missed a verdict: {}", hold.schedule(), e.getMessage()))
        .otherwiseEmpty()
        .mapEmpty();
  }

  /** Somebody changed claims in the database, and says so to have it shown sooner. */
  Future<Noted> claimsChanged(ClaimsChanged changed) {
    return maps.learn(changed.schedule(), changed.seats()).map(learnt -> new Noted());
  }
}
