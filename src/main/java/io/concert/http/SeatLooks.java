package io.concert.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.concert.bus.Bus;
import io.concert.domain.ScheduleId;
import io.concert.reservation.ReservationMessages;
import io.concert.reservation.ReservationMessages.LookAtSeats;
import io.concert.reservation.ReservationMessages.SeatStates;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Looks at seats for all readers of this node: who asks while a look is under way or young enough
 * shares it, so a thousand readers cost a few questions a second. Safe to call from any event loop;
 * each caller is answered on its own.
 */
final class SeatLooks {
  /** With the 100 ms that the answer itself may be old, within what lists may be. */
  static final Duration FRESH = Duration.ofMillis(50);

  private static final int SCHEDULES = 10_000;

  private final Vertx vertx;
  private final Bus bus;
  private final Cache<ScheduleId, Sight> sights =
      Caffeine.newBuilder().maximumSize(SCHEDULES).build();

  SeatLooks(Vertx vertx, Bus bus) {
    this.vertx = vertx;
    this.bus = bus;
  }

  /**
   * @param maxAge how long ago the question may have been asked
   */
  Future<SeatStates> look(ScheduleId schedule, Duration maxAge) {
    return sights.get(schedule, Sight::new).look(System.nanoTime(), maxAge.toNanos());
  }

  /** How many seats are neither held nor sold nor kept from sale. */
  Future<Integer> free(ScheduleId schedule, Duration maxAge) {
    return look(schedule, maxAge).map(SeatStates::free);
  }

  /** What all these looks have shown. */
  SeatHistory history(ScheduleId schedule) {
    return sights.get(schedule, Sight::new).history;
  }

  /**
   * @param askedNanos monotonic time
   */
  private record Look(long askedNanos, CompletableFuture<SeatStates> states) {
    boolean serves(long nowNanos, long maxAgeNanos) {
      return nowNanos - askedNanos <= maxAgeNanos && !states.isCompletedExceptionally();
    }
  }

  /** One schedule's. */
  private final class Sight {
    private final ScheduleId schedule;
    private final SeatHistory history = new SeatHistory();
    private volatile @Nullable Look last;

    Sight(ScheduleId schedule) {
      this.schedule = schedule;
    }

    /** Nearly always there is a look that serves: then no lock is taken and no thread left. */
    Future<SeatStates> look(long now, long maxAge) {
      Look known = last;
      if (known == null || !known.serves(now, maxAge)) {
        known = lookAgain(now, maxAge);
      }
      return Shared.future(known.states, vertx);
    }

    private Look lookAgain(long now, long maxAge) {
      Look mine = new Look(now, new CompletableFuture<>());
      synchronized (this) {
        Look known = last;
        if (known != null && known.serves(now, maxAge)) {
          return known;
        }
        last = mine;
      }
      bus.request(ReservationMessages.LOOK_AT_SEATS, new LookAtSeats(schedule))
          .map(history::see)
          .onComplete(mine.states::complete, mine.states::completeExceptionally);
      return mine;
    }
  }
}
