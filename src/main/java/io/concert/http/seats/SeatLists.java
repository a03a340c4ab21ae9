package io.concert.http.seats;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.concert.catalog.layout.Layout;
import io.concert.domain.Fault;
import io.concert.domain.ScheduleId;
import io.concert.http.web.Answer;
import io.concert.http.web.cached.CachedRepresentation;
import io.concert.http.web.cached.SharedFuture;
import io.concert.reservation.api.ReservationMessages.SeatStates;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The list of a schedule's free seats, written once a version, off the event loops, for all readers
 * of this node. 50,000 seats are 1.3 MB, which is why. While the newest is being written readers
 * get the one before, if it was the newest a moment ago.
 */
final class SeatLists {
  /** Seats in all lists kept together: some 40 MB. */
  private static final long MOST_SEATS = 500_000;

  /** Looks may be 150 ms old already, and lists no more than 200. */
  private static final long MOMENT_NANOS = 50_000_000;

  private final Vertx vertx;
  private final LongSupplier nanoTime;
  private final Cache<ScheduleId, Lists> last =
      Caffeine.newBuilder()
          .maximumWeight(MOST_SEATS)
          .weigher((ScheduleId id, Lists lists) -> lists.layout.seats() + 1)
          .build();

  /**
   * @param nanoTime this node's monotonic clock
   */
  SeatLists(Vertx vertx, LongSupplier nanoTime) {
    this.vertx = vertx;
    this.nanoTime = nanoTime;
  }

  /** Of one schedule with one layout: another may have other seats in the same states. */
  private final class Lists {
    private final ScheduleId schedule;
    private final Layout layout;
    private final CompletableFuture<SeatListParts> parts = new CompletableFuture<>();
    private volatile @Nullable Version newest;
    private volatile @Nullable Version written;

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

    CompletableFuture<CachedRepresentation> list(SeatStates states) {
      long now = nanoTime.getAsLong();
      Version wanted = version(states);
      wanted.newestNanos = now;
      Version before = written;
      return before == null || wanted.isWritten() || now - before.newestNanos >= MOMENT_NANOS
          ? wanted.list
          : before.list;
    }

    private Version version(SeatStates states) {
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
      Version mine = new Version(version, nanoTime.getAsLong());
      SharedFuture.onCallers(parts, vertx)
          .compose(ready -> vertx.executeBlocking(() -> ready.list(states), false))
          .map(
              bytes -> CachedRepresentation.ofTheMoment(tag, Answer.JSON, bytes, "Accept-Encoding"))
          .compose(this::inFormsOfTheLast)
          .onSuccess(list -> written(mine))
          .onComplete(mine.list::complete, mine.list::completeExceptionally);
      newest = mine;
      return mine;
    }

    private synchronized void written(Version mine) {
      Version known = written;
      if (known == null || known.newestNanos - mine.newestNanos <= 0) {
        written = mine;
      }
    }

    /** Compressed before anybody waits for it, if somebody took the last one so. */
    private Future<CachedRepresentation> inFormsOfTheLast(CachedRepresentation list) {
      Version last = written;
      return last == null || !last.isWritten()
          ? Future.succeededFuture(list)
          : list.inFormsOf(last.list.join(), vertx);
    }
  }

  private static final class Version {
    private final SeatVersion version;
    private final CompletableFuture<CachedRepresentation> list = new CompletableFuture<>();

    /** When it was the newest for the last time, as far as anybody asked. */
    private volatile long newestNanos;

    Version(SeatVersion version, long newestNanos) {
      this.version = version;
      this.newestNanos = newestNanos;
    }

    boolean isWritten() {
      return list.isDone() && !list.isCompletedExceptionally();
    }

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
  Future<CachedRepresentation> list(ScheduleId schedule, Layout layout, SeatStates states) {
    if (layout.seats() > states.seats()) {
      return Future.failedFuture(
          new Fault(Fault.Kind.UNAVAILABLE, schedule + " is getting another layout"));
    }
    return SharedFuture.onCallers(lists(schedule, layout).list(states), vertx);
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
