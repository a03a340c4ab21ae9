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
  private final Cache<ScheduleId, Look> last = Caffeine.newBuilder().maximumSize(SCHEDULES).build();

  /**
   * @param askedNanos monotonic time
   */
  private record Look(long askedNanos, CompletableFuture<SeatStates> states) {
    boolean serves(long nowNanos, Duration maxAge) {
      return nowNanos - askedNanos <= maxAge.toNanos() && !states.isCompletedExceptionally();
    }
  }

  SeatLooks(Vertx vertx, Bus bus) {
    this.vertx = vertx;
    this.bus = bus;
  }

  /**
   * @param maxAge how long ago the question may have been asked
   */
  Future<SeatStates> look(ScheduleId schedule, Duration maxAge) {
    long now = System.nanoTime();
    Look mine = new Look(now, new CompletableFuture<>());
    Look shared =
        last.asMap()
            .compute(schedule, (id, old) -> old != null && old.serves(now, maxAge) ? old : mine);
    if (shared.states == mine.states) {
      bus.request(ReservationMessages.LOOK_AT_SEATS, new LookAtSeats(schedule))
          .onComplete(mine.states::complete, mine.states::completeExceptionally);
    }
    return Future.fromCompletionStage(shared.states, vertx.getOrCreateContext());
  }

  /** How many seats are neither held nor sold nor kept from sale. */
  Future<Integer> free(ScheduleId schedule, Duration maxAge) {
    return look(schedule, maxAge).map(SeatStates::free);
  }
}
