package io.concert.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.concert.catalog.Layout;
import io.concert.domain.Fault;
import io.concert.domain.ScheduleId;
import io.concert.reservation.ReservationMessages.SeatStates;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The list of a schedule's free seats, written once a version, off the event loops, for all readers
 * of this node. 50,000 seats are 1.3 MB, which is why.
 */
final class SeatLists {
  /** Seats in all lists kept together: some 40 MB. */
  private static final long MOST_SEATS = 500_000;

  private final Vertx vertx;
  private final Cache<ScheduleId, Lists> last =
      Caffeine.newBuilder()
          .maximumWeight(MOST_SEATS)
          .weigher((ScheduleId id, Lists lists) -> lists.layout.seats() + 1)
          .build();

  SeatLists(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Of one schedule with one layout: another may have other seats in the same states. */
  private final class Lists {
    private final ScheduleId schedule;
    private final Layout layout;
    private final CompletableFuture<SeatListParts> parts = new CompletableFuture<>();
    private volatile @Nullable Version newest;

    Lists(ScheduleId schedule, Layout layout) {
      this.schedule = schedule;
      this.layout = layout;
      vertx
          .executeBlocking(() -> new SeatListParts(schedule, layout), false)
          .onComplete(parts::complete, parts::completeExceptionally);
    }

    boolean serves(Layout wanted) {
      return layout.version().equals(wanted.version()) && !parts.isCompletedExceptionally();
    }

    Version version(SeatStates states) {
      Version known = newest;
      return known != null && known.is(states) ? known : write(states);
    }

    private synchronized Version write(SeatStates states) {
      Version known = newest;
      if (known != null && known.is(states)) {
        return known;
      }
      SeatVersion version = SeatVersion.of(states);
      String tag = schedule + "-" + layout.version() + "-" + version;
      Version mine = new Version(version, new CompletableFuture<>());
      Shared.future(parts, vertx)
          .compose(ready -> vertx.executeBlocking(() -> ready.list(states), false))
          .map(bytes -> Rendition.ofTheMoment(tag, Answer.JSON, bytes, "Accept-Encoding"))
          .onComplete(mine.list::complete, mine.list::completeExceptionally);
      newest = mine;
      return mine;
    }
  }

  private record Version(SeatVersion version, CompletableFuture<Rendition> list) {
    boolean is(SeatStates states) {
      return version.number() == states.version()
          && version.epoch() == states.epoch()
          && !list.isCompletedExceptionally();
    }
  }

  /**
   * Fails with UNAVAILABLE while the states haven't caught up with a larger layout. They may be of
   * more seats than a smaller one has: those are for nobody.
   */
  Future<Rendition> list(ScheduleId schedule, Layout layout, SeatStates states) {
    if (layout.seats() > states.seats()) {
      return Future.failedFuture(
          new Fault(Fault.Kind.UNAVAILABLE, schedule + " is getting another layout"));
    }
    CompletableFuture<Rendition> list = lists(schedule, layout).version(states).list;
    return Shared.future(list, vertx);
  }

  private Lists lists(ScheduleId schedule, Layout layout) {
    Lists known = last.getIfPresent(schedule);
    if (known != null && known.serves(layout)) {
      return known;
    }
    return last.asMap()
        .compute(
            schedule, (id, old) -> old != null && old.serves(layout) ? old : new Lists(id, layout));
  }
}
