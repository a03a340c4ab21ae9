package io.concert.reservation;

import io.concert.domain.ScheduleId;
import io.concert.postgres.job.RecurringTask;
import io.concert.reservation.store.SeatClaims;
import io.concert.reservation.store.SeatClaims.Changes;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;

/**
 * Brings the seat maps on this node up to the database: tells them what has changed since they were
 * told last, and compares them. One failed run is made up for by the next.
 *
 * <p>Confined to one context.
 */
final class SeatMapSync {
  private static final Duration CATCH_UP_EVERY = Duration.ofSeconds(1);

  /** A map that has come here is compared at once, so this is for what nobody thought of. */
  static final Duration COMPARE_EVERY = Duration.ofSeconds(1);

  /** A run of many statements; each of them ends by itself. */
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final SeatClaims claims;
  private final SeatMaps maps;
  private final SeatComparison comparison;

  SeatMapSync(SeatClaims claims, SeatMaps maps) {
    this.claims = claims;
    this.maps = maps;
    this.comparison = new SeatComparison(claims, maps);
  }

  /** Call from a verticle's context, whose end ends the runs. */
  void start(Vertx vertx) {
    new RecurringTask(vertx, "catch up with claims", LONGEST, this::catchUp).start(CATCH_UP_EVERY);
    new RecurringTask(vertx, "compare seats", LONGEST, this::compare).start(COMPARE_EVERY);
  }

  /**
   * Each map on this node is told what has changed since it was told last, no matter who told it. A
   * map that can't be asked or told keeps no other one waiting.
   */
  Future<Void> catchUp() {
    var since = new HashMap<ScheduleId, Long>();
    var asked = new ArrayList<Future<?>>();
    for (ScheduleId schedule : maps.owned()) {
      asked.add(maps.bound(schedule).onSuccess(bound -> since.put(schedule, bound)));
    }
    Future<?> allAsked = Future.join(asked);
    return allAsked.transform(done -> tellChanges(since)).compose(told -> allAsked).mapEmpty();
  }

  private Future<Void> tellChanges(Map<ScheduleId, Long> since) {
    if (since.isEmpty()) {
      return Future.succeededFuture();
    }
    return claims
        .changed(since)
        .compose(
            changes -> {
              var told = new ArrayList<Future<Void>>();
              changes.forEach((schedule, changed) -> told.add(tell(schedule, changed)));
              return Future.join(told).mapEmpty();
            });
  }

  /** Without rows the next look may begin where this one did: it will find only what is new. */
  private Future<Void> tell(ScheduleId schedule, Changes changed) {
    return maps.learn(schedule, changed.rows(), changed.rows().isEmpty() ? 0 : changed.next());
  }

  /** Looks whether the maps on this node say what the database says. */
  Future<Void> compare() {
    return comparison.goOn(maps.owned());
  }
}
