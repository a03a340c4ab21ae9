package io.concert.http.seats;

import io.concert.domain.ScheduleId;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Looks at schedules while somebody follows them, ten times a second, however many they are, and
 * not at all otherwise.
 */
final class SeatWatch {
  private static final long LOOK_EVERY_MILLIS = 100;

  private final Vertx vertx;
  private final SeatLooks looks;
  private final Map<ScheduleId, Watched> watched = new ConcurrentHashMap<>();

  SeatWatch(Vertx vertx, SeatLooks looks) {
    this.vertx = vertx;
    this.looks = looks;
  }

  private record Follower(Context context, Runnable tell) {}

  /** A schedule that somebody follows. */
  private final class Watched {
    private final ScheduleId schedule;
    private final Set<Follower> followers = ConcurrentHashMap.newKeySet();
    private final long timer;
    private volatile boolean looking;
    private volatile Optional<SeatVersion> told = Optional.empty();

    Watched(ScheduleId schedule) {
      this.schedule = schedule;
      timer = vertx.setPeriodic(LOOK_EVERY_MILLIS, tick -> look());
    }

    /** A look that drags on is waited for; one that fails is made again at the next tick. */
    private void look() {
      if (looking) {
        return;
      }
      looking = true;
      looks
          .look(schedule, SeatLooks.FRESH)
          .onComplete(
              seen -> {
                looking = false;
                Optional<SeatVersion> newest = looks.history(schedule).version();
                if (seen.succeeded() && !newest.equals(told)) {
                  told = newest;
                  followers.forEach(it -> it.context.runOnContext(now -> it.tell.run()));
                }
              });
    }
  }

  /**
   * @param tell run on this context whenever something new was seen
   * @return ends the following
   */
  Runnable follow(ScheduleId schedule, Context context, Runnable tell) {
    Follower follower = new Follower(context, tell);
    watched.compute(
        schedule,
        (id, old) -> {
          Watched known = old == null ? new Watched(id) : old;
          known.followers.add(follower);
          return known;
        });
    return () -> leave(schedule, follower);
  }

  private void leave(ScheduleId schedule, Follower follower) {
    watched.computeIfPresent(
        schedule,
        (id, known) -> {
          known.followers.remove(follower);
          if (!known.followers.isEmpty()) {
            return known;
          }
          vertx.cancelTimer(known.timer);
          return null;
        });
  }
}
