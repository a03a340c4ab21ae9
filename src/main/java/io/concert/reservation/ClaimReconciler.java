package io.concert.reservation;

import io.concert.domain.ScheduleId;
import io.concert.reservation.ReservationMessages.ClaimState;
import io.concert.reservation.SeatClaims.Changes;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the seat maps up to the database, whoever forgot to: frees holds past their deadline, and
 * tells the maps on this node what has changed since they were told last. One failed round is made
 * up for by the next.
 *
 * <p>Confined to one context.
 */
final class ClaimReconciler {
  private static final Logger log = LoggerFactory.getLogger(ClaimReconciler.class);

  /** Half of the second within which a seat must be free after its deadline. */
  static final Duration FREE_EVERY = Duration.ofMillis(500);

  static final Duration CATCH_UP_EVERY = Duration.ofSeconds(1);

  private static final int MOST_FREED_AT_ONCE = 5_000;

  private final SeatClaims claims;
  private final SeatMaps maps;

  /** Where the last look at each schedule's claims ended; only of maps that are on this node. */
  private final Map<ScheduleId, Long> bounds = new HashMap<>();

  private final List<Round> rounds =
      List.of(
          new Round("freeing due holds", FREE_EVERY, this::freeDue),
          new Round("catching up with claims", CATCH_UP_EVERY, this::catchUp));

  ClaimReconciler(SeatClaims claims, SeatMaps maps) {
    this.claims = claims;
    this.maps = maps;
  }

  /** Call from a verticle's context, whose end ends the rounds. */
  void start(Vertx vertx) {
    rounds.forEach(round -> round.start(vertx));
  }

  /** Every node does this; they skip each other's rows. */
  Future<Void> freeDue() {
    return claims
        .freeDue(MOST_FREED_AT_ONCE)
        .compose(
            freed -> {
              int count = freed.values().stream().mapToInt(List::size).sum();
              var told = learn(freed);
              return count < MOST_FREED_AT_ONCE ? told : told.compose(done -> freeDue());
            });
  }

  private Future<Void> learn(Map<ScheduleId, List<ClaimState>> rows) {
    var told = new ArrayList<Future<Void>>();
    rows.forEach((schedule, changed) -> told.add(maps.learn(schedule, changed)));
    return Future.join(told).mapEmpty();
  }

  /**
   * A map that has come to this node is told everything once, because nobody knows what the node
   * that had it forgot to tell; from then on only what has changed.
   */
  Future<Void> catchUp() {
    var owned = maps.owned();
    bounds.keySet().retainAll(owned);
    var told = tellChanges(Map.copyOf(bounds));
    for (ScheduleId schedule : owned) {
      if (!bounds.containsKey(schedule)) {
        told = told.compose(done -> tellChanges(Map.of(schedule, 0L)));
      }
    }
    return told;
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
              changes.forEach((schedule, rows) -> told.add(tell(schedule, rows)));
              return Future.join(told).mapEmpty();
            });
  }

  /** The bound moves only when the map has taken note, so nothing is skipped. */
  private Future<Void> tell(ScheduleId schedule, Changes changes) {
    return maps.learn(schedule, changes.rows())
        .onSuccess(learnt -> bounds.put(schedule, changes.next()))
        .mapEmpty();
  }

  /** Work that repeats; a round that takes longer than its period isn't overtaken by the next. */
  private static final class Round {
    private final String name;
    private final Duration every;
    private final Supplier<Future<Void>> work;
    private boolean running;
    private boolean failing;

    Round(String name, Duration every, Supplier<Future<Void>> work) {
      this.name = name;
      this.every = every;
      this.work = work;
    }

    void start(Vertx vertx) {
      vertx.setPeriodic(every.toMillis(), tick -> run());
    }

    private void run() {
      if (running) {
        return;
      }
      running = true;
      Future.<Void>succeededFuture()
          .compose(go -> work.get())
          .onComplete(
              done -> {
                running = false;
                note(done.cause());
              });
    }

    /** Says once that it fails and once that it works again, not twice a second. */
    private void note(@Nullable Throwable failure) {
      if (failure != null && !failing) {
        log.warn("{} fails, will be repeated: {}", name, failure.getMessage());
        log.debug("why", failure);
      } else if (failure == null && failing) {
        log.info("{} works again", name);
      }
      failing = failure != null;
    }
  }
}
