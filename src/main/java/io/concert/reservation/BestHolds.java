package io.concert.reservation;

import io.concert.catalog.Catalog;
import io.concert.catalog.Schedule;
import io.concert.catalog.layout.Layout;
import io.concert.domain.SeatId;
import io.concert.reservation.BestRankings.Ranking;
import io.concert.reservation.api.ReservationMessages.Hold;
import io.concert.reservation.api.ReservationMessages.HoldBest;
import io.concert.reservation.api.ReservationMessages.HoldRefusal;
import io.concert.reservation.api.ReservationMessages.HoldReply;
import io.concert.reservation.api.ReservationMessages.NotHeld;
import io.concert.reservation.api.ReservationMessages.SeatStates;
import io.concert.reservation.api.SeatStatus;
import io.concert.reservation.seatmap.SeatReply.Chosen;
import io.concert.reservation.store.HoldBatch.Judged;
import io.concert.reservation.store.SeatClaims;
import io.vertx.core.Future;
import java.util.List;

/**
 * Holds the best seats that are free side by side: this node proposes groups by its view, the seat
 * map takes the first that is still free, the database judges it like any other hold.
 */
final class BestHolds {
  /** Each begins with a look that is newer than the loss before it. */
  private static final int ROUNDS = 3;

  private final Catalog catalog;
  private final SeatViews views;
  private final SeatMaps maps;
  private final SeatClaims claims;
  private final ClaimJudge judge;
  private final BestRankings rankings = new BestRankings();

  BestHolds(Catalog catalog, SeatViews views, SeatMaps maps, SeatClaims claims) {
    this.catalog = catalog;
    this.views = views;
    this.maps = maps;
    this.claims = claims;
    this.judge = new ClaimJudge(maps, claims);
  }

  /**
   * Holds {@code count} seats or none.
   *
   * @return NOT_ADJACENT if there are none, or others were faster three times; fails as {@link
   *     ReservationService#hold}
   */
  Future<HoldReply> hold(HoldBest asked) {
    return catalog
        .schedule(asked.schedule())
        .compose(
            schedule -> {
              int limit = schedule.map(Schedule::holdLimit).orElse(ReservationService.MOST_SEATS);
              return asked.count() > Math.min(limit, ReservationService.MOST_SEATS)
                  ? refused(asked, HoldRefusal.LIMIT_REACHED)
                  : catalog.layout(asked.schedule()).compose(layout -> tryRound(asked, layout, 1));
            });
  }

  private Future<HoldReply> tryRound(HoldBest asked, Layout layout, int round) {
    var look = round == 1 ? views.look(asked.schedule()) : views.lookAnew(asked.schedule());
    return look.compose(states -> proceed(asked, layout, states, round));
  }

  private Future<HoldReply> proceed(HoldBest asked, Layout layout, SeatStates states, int round) {
    Ranking ranking = rankings.of(asked.schedule(), layout, states, asked.count(), asked.section());
    var groups = ranking.next();
    if (groups.isEmpty()) {
      return refused(asked, HoldRefusal.NOT_ADJACENT);
    }
    long claim = ReservationService.newClaim();
    return maps.claimFirst(asked.schedule(), claim, asked.user(), groups)
        .recover(failure -> Future.failedFuture(ReservationService.nothingHappened(failure)))
        .compose(
            reply ->
                reply instanceof Chosen chosen
                    ? judge
                        .judge(hold(asked, groups.get(chosen.group())), claim)
                        .compose(judged -> conclude(asked, layout, ranking, judged, round))
                        .onFailure(failure -> ranking.giveBack())
                    : tryAgain(asked, layout, round));
  }

  private static Hold hold(HoldBest asked, List<Integer> seats) {
    return new Hold(
        asked.room(),
        asked.user(),
        asked.schedule(),
        seats.stream().map(seat -> new SeatId(asked.schedule(), seat)).toList(),
        asked.key());
  }

  private Future<HoldReply> conclude(
      HoldBest asked, Layout layout, Ranking ranking, Judged judged, int round) {
    if (!(judged.reply() instanceof NotHeld refusal)) {
      return Future.succeededFuture(judged.reply());
    }
    boolean lost =
        refusal.reason() == HoldRefusal.SEAT_TAKEN
            || judged.seatRows().stream().anyMatch(row -> row.status() == SeatStatus.NOT_FOR_SALE);
    if (lost) {
      return tryAgain(asked, layout, round);
    }
    ranking.giveBack();
    // The seats weren't the asker's choice, so they say nothing to the caller.
    return Future.succeededFuture(new NotHeld(refusal.reason(), List.of()));
  }

  private Future<HoldReply> tryAgain(HoldBest asked, Layout layout, int round) {
    return round < ROUNDS
        ? tryRound(asked, layout, round + 1)
        : refused(asked, HoldRefusal.NOT_ADJACENT);
  }

  private Future<HoldReply> refused(HoldBest asked, HoldRefusal reason) {
    return claims.records().unlessHeldBefore(asked.key(), new NotHeld(reason, List.of()));
  }
}
