package io.concert.reservation;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.concert.domain.Fault;
import io.concert.domain.ScheduleId;
import io.concert.reservation.api.ReservationMessages.SeatStates;
import io.concert.reservation.seatmap.SeatReply;
import io.concert.reservation.seatmap.SeatReply.Seen;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What this node last saw of each schedule's seats. However many readers ask, a seat map is looked
 * at ten times a second at most, one look at a time, and only while somebody asks.
 *
 * <p>Nobody is told what a look saw that was begun more than 100 ms before the question. When looks
 * are slow, as while the grid gets over the death of a node, readers wait; a fault is heard rather
 * than the seats of before, which may be gone.
 */
final class SeatViews {
  static final Duration FRESH = Duration.ofMillis(100);

  /** Longer than the grid needs to get over the death of a node. */
  static final Duration WAIT_FOR_A_LOOK = Duration.ofSeconds(2);

  /** The first one may have to load a stadium from the database, on a JVM that is still cold. */
  static final Duration WAIT_FOR_THE_FIRST_LOOK = Duration.ofSeconds(4);

  /** For a look after the one under way; less than a message waits. */
  static final Duration WAIT_IN_LINE = Duration.ofSeconds(3);

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
   *     looked at
   */
  Future<SeatStates> look(ScheduleId schedule) {
    return views.get(schedule, View::new).look(FRESH);
  }

  /** The seats as a look sees them that begins after this; fails as {@link #look}. */
  Future<SeatStates> lookAnew(ScheduleId schedule) {
    return views.get(schedule, View::new).look(Duration.ZERO);
  }

  private final class View {
    private final ScheduleId schedule;
    private @Nullable SeatStates last;

    /** The look that was begun last: under way or done, also one that failed. */
    private Future<SeatStates> latest = Future.failedFuture("none yet");

    private long begunNanos;

    /** The look after the one under way, for all who came too late for that. */
    private @Nullable Future<SeatStates> next;

    View(ScheduleId schedule) {
      this.schedule = schedule;
      begunNanos = nanoTime.getAsLong() - FRESH.toNanos();
    }

    synchronized Future<SeatStates> look(Duration atMostOld) {
      if (nanoTime.getAsLong() - begunNanos < atMostOld.toNanos()) {
        return latest;
      } else if (latest.isComplete()) {
        return begin();
      }
      if (next == null) {
        next = latest.transform(done -> begin());
      }
      return within(next, WAIT_IN_LINE);
    }

    private synchronized Future<SeatStates> begin() {
      next = null;
      begunNanos = nanoTime.getAsLong();
      var known = last;
      var answer =
          known == null
              ? maps.look(schedule, 0, 0)
              : maps.look(schedule, known.epoch(), known.version());
      latest =
          within(
              answer.map(reply -> saw(reply, known)),
              known == null ? WAIT_FOR_THE_FIRST_LOOK : WAIT_FOR_A_LOOK);
      return latest;
    }

    private synchronized SeatStates saw(SeatReply reply, @Nullable SeatStates known) {
      last = reply instanceof Seen seen ? seen.states() : Objects.requireNonNull(known);
      return last;
    }
  }

  private static Future<SeatStates> within(Future<SeatStates> look, Duration time) {
    return look.timeout(time.toMillis(), TimeUnit.MILLISECONDS)
        .recover(
            failure ->
                Future.failedFuture(
                    failure instanceof Fault fault && fault.kind() == Fault.Kind.INTERNAL
                        ? fault
                        : new Fault(Fault.Kind.UNAVAILABLE, "seat map doesn't answer", failure)));
  }
}
