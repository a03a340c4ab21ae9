package io.concert.reservation;

import io.concert.domain.SaleTally;
import io.concert.domain.ScheduleId;
import io.concert.postgres.job.RecurringTask;
import io.concert.reservation.api.ReservationMessages.SeatRow;
import io.concert.reservation.store.SeatClaims;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Frees holds past their deadline, and tells the seat maps. That a seat is free then doesn't hang
 * on this: {@code hold_seats} gives it to the next who asks. One failed run is made up for by the
 * next.
 *
 * <p>Confined to one context.
 */
final class HoldExpiry {
  /** Half of the second within which a seat must be free after its deadline. */
  private static final Duration EVERY = Duration.ofMillis(500);

  /** A run of many statements; each of them ends by itself. */
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private static final int MOST_FREED_AT_ONCE = 5_000;

  private final SeatClaims claims;
  private final SeatMaps maps;
  private final SaleTally tally;

  HoldExpiry(SeatClaims claims, SeatMaps maps, SaleTally tally) {
    this.claims = claims;
    this.maps = maps;
    this.tally = tally;
  }

  /** Call from a verticle's context, whose end ends the runs. */
  void start(Vertx vertx) {
    new RecurringTask(vertx, "free due holds", LONGEST, this::freeDue).start(EVERY);
  }

  /** Every node does this; they skip each other's rows. */
  Future<Void> freeDue() {
    return claims
        .freeDue(MOST_FREED_AT_ONCE)
        .compose(
            freed -> {
              freed.forEach(
                  (schedule, rows) -> tally.count(schedule, HoldMetrics.EXPIRED, rows.size()));
              int count = freed.values().stream().mapToInt(List::size).sum();
              var told = learn(freed);
              return count < MOST_FREED_AT_ONCE ? told : told.compose(done -> freeDue());
            });
  }

  private Future<Void> learn(Map<ScheduleId, List<SeatRow>> rows) {
    var told = new ArrayList<Future<Void>>();
    rows.forEach((schedule, changed) -> told.add(maps.learn(schedule, changed)));
    return Future.join(told).mapEmpty();
  }
}
