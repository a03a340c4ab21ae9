package io.concert.queue.view;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.concert.bus.Bus;
import io.concert.domain.Fault;
import io.concert.domain.Place;
import io.concert.domain.RoomId;
import io.concert.domain.UserId;
import io.concert.queue.room.RoomCommand.SeenPlace;
import io.concert.queue.view.RoomSync.Look;
import io.concert.queue.view.RoomSync.LookReply;
import io.concert.queue.view.RoomSync.Saw;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks at one room for a whole node. Anyone who asks while a look is young enough shares it; a
 * look carries who has asked and brings back what has changed.
 *
 * <p>A look that fails is no reason to tell nobody anything: for a while, which is longer than the
 * grid needs to get over the death of a node, the last view is served, to those who wait only as
 * long as it is sure. Every few seconds everything is read anew: after a network split a view may
 * have been of a copy of the room that lost.
 *
 * <p>Safe to use from any thread.
 */
final class RoomWatch {
  /** Four looks a second. */
  static final Duration FRESH = Duration.ofMillis(250);

  static final Duration SERVE_THE_LAST = Duration.ofSeconds(4);

  /** A room that has to be loaded first takes its time. */
  private static final Duration FIRST_LOOK = Duration.ofSeconds(2);

  /** Then there is a last view to serve, if it will still be sure. */
  private static final Duration LATER_LOOK = Duration.ofMillis(500);

  static final Duration READ_ANEW = Duration.ofSeconds(5);

  /** More than a node can be asked between two looks; above, presence is lost, not the service. */
  private static final int MOST_SEEN = 200_000;

  private static final int MOST_REFUSED = 10_000;
  private static final Duration KEEP_REFUSED = Duration.ofMinutes(1);

  private final RoomId room;
  private final Bus bus;
  private final Context context;
  private final LongSupplier nanoTime;
  private final Consumer<RoomView> listener;
  private volatile @Nullable Seen last;
  private CompletableFuture<RoomView> latest = new CompletableFuture<>();
  private long begunNanos;
  private long readAnewNanos;
  private List<SeenPlace> seen = new ArrayList<>();
  private boolean lookIsDue;
  private final Cache<SeenPlace, Boolean> refused =
      Caffeine.newBuilder().maximumSize(MOST_REFUSED).expireAfterWrite(KEEP_REFUSED).build();

  /**
   * @param askedNanos when the look began, so that its age is never taken for less than it is
   */
  private record Seen(RoomView view, long askedNanos) {}

  /**
   * @param context on which the looks are taken
   * @param nanoTime this node's monotonic clock: a view's age concerns nobody else
   * @param listener hears of every new view, on the context
   */
  RoomWatch(
      RoomId room, Bus bus, Context context, LongSupplier nanoTime, Consumer<RoomView> listener) {
    this.room = room;
    this.bus = bus;
    this.context = context;
    this.nanoTime = nanoTime;
    this.listener = listener;
    this.begunNanos = nanoTime.getAsLong() - FRESH.toNanos();
    this.readAnewNanos = begunNanos;
    latest.completeExceptionally(new IllegalStateException("nobody has looked yet"));
  }

  /** The view if it is young enough to answer from, without waiting. */
  @Nullable RoomView fresh() {
    Seen known = last;
    return known != null && isYounger(known.askedNanos(), FRESH) ? known.view() : null;
  }

  /**
   * Somebody has asked: if it is a place that waits, the room hears of it with the next look, which
   * is taken in time even if nobody asks again.
   */
  void seen(Place place, UserId user) {
    Seen known = last;
    if (known != null && known.view().session(user, place).isPresent()) {
      return;
    }
    boolean first;
    synchronized (this) {
      if (seen.size() >= MOST_SEEN) {
        return;
      }
      seen.add(seenPlace(place, user));
      first = !lookIsDue;
      lookIsDue = true;
    }
    if (first) {
      context.runOnContext(run -> lookSoon());
    }
  }

  private void lookIfAnyoneWasSeen() {
    synchronized (this) {
      lookIsDue = !seen.isEmpty();
      if (!lookIsDue) {
        return;
      }
    }
    // The latest look may be too young for another one: then the next time.
    var unused = look();
    lookSoon();
  }

  private void lookSoon() {
    context.owner().setTimer(FRESH.toMillis(), due -> lookIfAnyoneWasSeen());
  }

  /** Whether the room has said that somebody else waits at this place. */
  boolean isRefused(Place place, UserId user) {
    return refused.getIfPresent(seenPlace(place, user)) != null;
  }

  /**
   * The room at most {@link #FRESH} ago.
   *
   * @return fails with a {@link Fault}
   */
  CompletableFuture<RoomView> look() {
    CompletableFuture<RoomView> mine;
    synchronized (this) {
      // A look under way or just done is everybody's, also one that failed.
      if (!latest.isDone() || isYounger(begunNanos, FRESH)) {
        return latest;
      }
      begunNanos = nanoTime.getAsLong();
      mine = new CompletableFuture<>();
      latest = mine;
    }
    context.runOnContext(run -> begin(mine));
    return mine;
  }

  private void begin(CompletableFuture<RoomView> shared) {
    Seen known = last;
    long asked = nanoTime.getAsLong();
    boolean anew = known == null || !isYounger(readAnewNanos, READ_ANEW);
    List<SeenPlace> carried = takeSeen();
    RoomView base = anew || known == null ? null : known.view();
    bus.request(
            RoomSync.LOOK,
            base == null
                ? new Look(room, 0, 0, carried)
                : new Look(room, base.incarnation(), base.version(), carried))
        .timeout(patience(known, asked).toMillis(), TimeUnit.MILLISECONDS)
        .map(reply -> saw(reply, base, carried, asked))
        .onFailure(failure -> putBack(carried))
        .recover(this::serveTheLast)
        .onComplete(shared::complete, shared::completeExceptionally);
  }

  private static Duration patience(@Nullable Seen known, long askedNanos) {
    return known != null
            && askedNanos + LATER_LOOK.toNanos() - known.askedNanos()
                < known.view().sureFor().toNanos()
        ? LATER_LOOK
        : FIRST_LOOK;
  }

  private RoomView saw(
      LookReply reply, @Nullable RoomView base, List<SeenPlace> carried, long asked) {
    if (!(reply instanceof Saw saw)) {
      throw new Fault(Fault.Kind.UNAVAILABLE, "the report of a look at room " + room + " got lost");
    }
    RoomView view = RoomView.after(base, saw.delta());
    if (saw.delta().since() == 0) {
      readAnewNanos = asked;
    }
    Set<Place> others = Set.copyOf(saw.delta().refused());
    carried.stream()
        .filter(one -> others.contains(one.place()))
        .forEach(one -> refused.put(one, true));
    last = new Seen(view, asked);
    listener.accept(view);
    return view;
  }

  private synchronized List<SeenPlace> takeSeen() {
    List<SeenPlace> taken = seen;
    seen = new ArrayList<>();
    return taken;
  }

  private synchronized void putBack(List<SeenPlace> carried) {
    carried.addAll(seen);
    seen = carried.size() <= MOST_SEEN ? carried : new ArrayList<>(carried.subList(0, MOST_SEEN));
  }

  private static SeenPlace seenPlace(Place place, UserId user) {
    return new SeenPlace(place, (int) user.number());
  }

  private Future<RoomView> serveTheLast(Throwable failure) {
    Seen known = last;
    if (known != null && isYounger(known.askedNanos(), SERVE_THE_LAST)) {
      return Future.succeededFuture(known.view());
    }
    return Future.failedFuture(
        failure instanceof TimeoutException
            ? new Fault(Fault.Kind.UNAVAILABLE, "room " + room + " doesn't answer", failure)
            : failure);
  }

  private boolean isYounger(long thenNanos, Duration age) {
    return nanoTime.getAsLong() - thenNanos < age.toNanos();
  }
}
