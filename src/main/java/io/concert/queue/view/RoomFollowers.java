package io.concert.queue.view;

import io.concert.bus.Bus;
import io.concert.queue.api.PlaceState;
import io.concert.queue.api.QueueMessages;
import io.concert.queue.api.QueueMessages.Placement;
import io.concert.queue.api.QueueMessages.Poll;
import io.concert.queue.view.RoomViews.Following;
import io.concert.queue.view.RoomViews.Update;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Those on this node who follow their places in one room. While there are any, the room is looked
 * at four times a second. Everything happens on one context.
 */
final class RoomFollowers {
  /** How often a follower counts as having asked: well within any presence time. */
  private static final long SEEN_EVERY_MILLIS = 2_000;

  /** So far in front every change is told at once, further back a little later. */
  private static final long NEAR = 100;

  private static final long FAR_EVERY_LOOKS = 3;

  private final Vertx vertx;
  private final Context context;
  private final Bus bus;
  private final RoomWatch watch;
  private final BiFunction<RoomView, Poll, Optional<Placement>> placements;
  private final Set<Follower> followers = new HashSet<>();
  private long timer = -1;
  private long looks;

  /**
   * @param placements where somebody stands in a view; empty if the room has to be asked
   */
  RoomFollowers(
      Vertx vertx,
      Context context,
      Bus bus,
      RoomWatch watch,
      BiFunction<RoomView, Poll, Optional<Placement>> placements) {
    this.vertx = vertx;
    this.context = context;
    this.bus = bus;
    this.watch = watch;
    this.placements = placements;
  }

  Following add(Poll who, Consumer<Update> listener, BooleanSupplier isThere) {
    Follower follower = new Follower(who, listener, isThere);
    context.runOnContext(run -> begin(follower));
    return () -> context.runOnContext(run -> end(follower));
  }

  private void begin(Follower follower) {
    followers.add(follower);
    watch.seen(follower.who.place(), follower.who.user());
    if (timer < 0) {
      timer = vertx.setPeriodic(RoomWatch.FRESH.toMillis(), tick -> tick());
    }
    RoomView fresh = watch.fresh();
    if (fresh != null) {
      follower.look(fresh);
    } else {
      tick();
    }
  }

  private void end(Follower follower) {
    if (followers.remove(follower) && followers.isEmpty()) {
      vertx.cancelTimer(timer);
      timer = -1;
    }
  }

  /** A failure is the next look's chance. */
  private void tick() {
    looks++;
    if (looks % (SEEN_EVERY_MILLIS / RoomWatch.FRESH.toMillis()) == 0) {
      followers.stream()
          .filter(one -> one.isThere.getAsBoolean())
          .forEach(one -> watch.seen(one.who.place(), one.who.user()));
    }
    var unused = watch.look();
  }

  /** There is a new view. */
  void look(RoomView view) {
    for (Follower follower : Set.copyOf(followers)) {
      follower.look(view);
    }
  }

  private final class Follower {
    private Poll who;
    private final Consumer<Update> listener;
    private final BooleanSupplier isThere;
    private @Nullable Placement told;
    private boolean asking;

    Follower(Poll who, Consumer<Update> listener, BooleanSupplier isThere) {
      this.who = who;
      this.listener = listener;
      this.isThere = isThere;
    }

    void look(RoomView view) {
      boolean turn = Math.floorMod(hashCode(), FAR_EVERY_LOOKS) == looks % FAR_EVERY_LOOKS;
      if (told != null && told.number() > NEAR && !turn) {
        return;
      }
      Optional<Placement> placement = placements.apply(view, who);
      if (placement.isPresent()) {
        hear(versionOf(view), placement.get());
      } else if (!asking) {
        ask(versionOf(view));
      }
    }

    private void ask(String version) {
      asking = true;
      bus.request(QueueMessages.POLL, who)
          .onComplete(
              answer ->
                  context.runOnContext(
                      run -> {
                        asking = false;
                        if (answer.succeeded()) {
                          hear(version, answer.result());
                        }
                      }));
    }

    private void hear(String version, Placement placement) {
      if (!followers.contains(this) || !isNews(placement)) {
        return;
      }
      told = placement;
      // After a missed turn it is another one, and if there were two and the older stays.
      who = new Poll(who.room(), who.user(), placement.place(), placement.arrivalMillis());
      listener.accept(new Update(version, placement));
      if (placement.state() == PlaceState.ENDED) {
        end(this);
      }
    }

    private boolean isNews(Placement placement) {
      return told == null
          || told.number() != placement.number()
          || told.state() != placement.state()
          || !told.place().equals(placement.place())
          || !told.sessionExpiresAt().equals(placement.sessionExpiresAt())
          || !told.opensAt().equals(placement.opensAt());
    }
  }

  private static String versionOf(RoomView view) {
    return view.incarnation() + "-" + view.version();
  }
}
