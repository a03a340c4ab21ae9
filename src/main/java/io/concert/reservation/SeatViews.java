package io.concert.reservation;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.concert.domain.Fault;
import io.concert.domain.ScheduleId;
import io.concert.reservation.ReservationMessages.SeatStates;
import io.concert.reservation.SeatReply.Seen;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What this node last saw of each schedule's seats. However many readers ask, a seat map is looked
 * at ten times a second at most, and only while somebody asks.
 *
 * <p>A look that fails or stalls is no reason to show nothing: for two seconds, which is longer
 * than the grid needs to get over the death of a node, the last view is served. After that a reader
 * hears the fault rather than being shown seats that may be gone.
 */
final class SeatViews {
  static final Duration FRESH = Duration.ofMillis(100);
  static final Duration WAIT_FOR_A_LOOK = Duration.ofMillis(500);

  /** The first one may have to load a stadium from the database, on a JVM that is still cold. */
  static final Duration WAIT_FOR_THE_FIRST_LOOK = Duration.ofSeconds(4);

  static final Duration SERVE_THE_LAST = Duration.ofSeconds(2);

  private static final int MOST_SCHEDULES = 2_000;

  private final SeatMaps maps;
  private final LongSupplier nanoTime;
  private final Cache<ScheduleId, View> views =
      Caffeine.newBuilder().maximumSize(MOST_SCHEDULES).build();

  /**
   * @param nanoTime this node's monotonic clock: a view's age concerns nobody else
   */
  SeatViews(SeatMaps maps, LongSupplier nanoTime) {
    this.maps = maps;
    this.nanoTime = nanoTime;
  }

  /**
   * @return the seats at most {@link #FRESH} ago; fails with a {@link Fault} if they can't be
   *     looked at and weren't lately
   */
  Future<SeatStates> look(ScheduleId schedule) {
    return views.get(schedule, View::new).look();
  }

  /**
   * @param askedNanos when it was asked for, so that its age is never taken for less than it is
   */
  private record Look(SeatStates states, long askedNanos) {}

  private final class View {
    private final ScheduleId schedule;
    private @Nullable Look last;
    private Future<SeatStates> latest = Future.failedFuture("none yet");
    private long begunNanos;

    View(ScheduleId schedule) {
      this.schedule = schedule;
      begunNanos = nanoTime.getAsLong() - FRESH.toNanos();
    }

    /** A look under way or just done is everybody's, also one that failed. */
    synchronized Future<SeatStates> look() {
      if (latest.isComplete() && !isYounger(begunNanos, FRESH)) {
        begunNanos = nanoTime.getAsLong();
        latest = refresh(last, begunNanos);
      }
      return latest;
    }

    private Future<SeatStates> refresh(@Nullable Look known, long asked) {
      var answer =
          known == null
              ? maps.look(schedule, 0, 0)
              : maps.look(schedule, known.states().epoch(), known.states().version());
      return answer
          .timeout(
              (known == null ? WAIT_FOR_THE_FIRST_LOOK : WAIT_FOR_A_LOOK).toMillis(),
              TimeUnit.MILLISECONDS)
          .map(reply -> saw(reply, known, asked))
          .recover(this::serveTheLast);
    }

    private synchronized SeatStates saw(SeatReply reply, @Nullable Look known, long asked) {
      var states =
          reply instanceof Seen seen ? seen.states() : Objects.requireNonNull(known).states();
      last = new Look(states, asked);
      return states;
    }

    private synchronized Future<SeatStates> serveTheLast(Throwable failure) {
      if (last != null && isYounger(last.askedNanos(), SERVE_THE_LAST)) {
        return Future.succeededFuture(last.states());
      }
      return Future.failedFuture(
          failure instanceof Fault fault && fault.kind() == Fault.Kind.INTERNAL
              ? fault
              : new Fault(Fault.Kind.UNAVAILABLE, "seat map doesn't answer", failure));
    }
  }

  private boolean isYounger(long thenNanos, Duration age) {
    return nanoTime.getAsLong() - thenNanos < age.toNanos();
  }
}
