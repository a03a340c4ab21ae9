package io.concert.http.seats;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.concert.bus.Bus;
import io.concert.catalog.layout.Layout;
import io.concert.domain.ScheduleId;
import io.concert.http.web.cached.SharedFuture;
import io.concert.reservation.api.ReservationMessages;
import io.concert.reservation.api.ReservationMessages.LookAtSeats;
import io.concert.reservation.api.ReservationMessages.SeatStates;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks at seats for all readers of this node: who asks while a look is under way or young enough
 * shares it, so a thousand readers cost a few questions a second. Safe to call from any event loop;
 * each caller is answered on its own.
 */
public final class SeatLooks {
  /** With the 100 ms that the answer itself may be old, within what lists may be. */
  static final Duration FRESH = Duration.ofMillis(50);

  private static final int SCHEDULES = 10_000;

  private final Vertx vertx;
  private final Bus bus;
  private final Function<ScheduleId, Future<Optional<Layout>>> reordered;
  private final LongSupplier nanoTime;
  private final Cache<ScheduleId, Sight> sights =
      Caffeine.newBuilder().maximumSize(SCHEDULES).build();

  /**
   * @param reordered as {@link io.concert.catalog.Catalog#reordered}
   * @param nanoTime this node's monotonic clock
   */
  public SeatLooks(
      Vertx vertx,
      Bus bus,
      Function<ScheduleId, Future<Optional<Layout>>> reordered,
      LongSupplier nanoTime) {
    this.vertx = vertx;
    this.bus = bus;
    this.reordered = reordered;
    this.nanoTime = nanoTime;
  }

  /**
   * @param maxAge how long ago the question may have been asked
   * @return in the layout's order
   */
  public Future<SeatStates> look(ScheduleId schedule, Duration maxAge) {
    return sights.get(schedule, Sight::new).look(nanoTime.getAsLong(), maxAge.toNanos());
  }

  /** How many seats are neither held nor sold nor kept from sale. */
  public Future<Integer> free(ScheduleId schedule, Duration maxAge) {
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
    private final AtomicBoolean isLookingAhead = new AtomicBoolean();
    private volatile @Nullable Look last;

    Sight(ScheduleId schedule) {
      this.schedule = schedule;
    }

    /**
     * Nearly always there is a look that serves: then no lock is taken and no thread left. The next
     * one is begun while it still does, so that nobody has to wait for it.
     */
    Future<SeatStates> look(long now, long maxAge) {
      Look known = last;
      if (known == null || !known.serves(now, maxAge)) {
        known = lookAgain(now, maxAge);
      } else if (!known.serves(now, maxAge / 2) && isLookingAhead.compareAndSet(false, true)) {
        ask(new Look(now, new CompletableFuture<>()), this::lookedAhead);
      }
      return SharedFuture.onCallers(known.states, vertx);
    }

    private synchronized void lookedAhead(Look ahead) {
      Look known = last;
      boolean newer = known == null || known.askedNanos - ahead.askedNanos < 0;
      if (newer && !ahead.states.isCompletedExceptionally()) {
        last = ahead;
      }
      isLookingAhead.set(false);
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
      ask(mine, asked -> {});
      return mine;
    }

    private void ask(Look look, Consumer<Look> answered) {
      bus.request(ReservationMessages.LOOK_AT_SEATS, new LookAtSeats(schedule))
          .compose(
              states ->
                  reordered
                      .apply(schedule)
                      .map(layout -> layout.map(states::inOrderOf).orElse(states)))
          .map(history::see)
          .onComplete(look.states::complete, look.states::completeExceptionally)
          .onComplete(done -> answered.accept(look));
    }
  }
}
