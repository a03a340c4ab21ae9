package io.concert.queue.view;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.concert.bus.Bus;
import io.concert.domain.Fault;
import io.concert.domain.Place;
import io.concert.domain.RoomId;
import io.concert.domain.SaleTally;
import io.concert.domain.SessionId;
import io.concert.domain.UserId;
import io.concert.queue.api.DrawResult;
import io.concert.queue.api.PlaceState;
import io.concert.queue.api.PlannedDraw;
import io.concert.queue.api.QueueMessages;
import io.concert.queue.api.QueueMessages.Admission;
import io.concert.queue.api.QueueMessages.CheckAdmission;
import io.concert.queue.api.QueueMessages.Placement;
import io.concert.queue.api.QueueMessages.Poll;
import io.concert.queue.api.RoomSettings;
import io.concert.queue.room.Placements;
import io.concert.queue.room.RoomReply.Standing;
import io.concert.queue.store.Rooms;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * What this node last saw of each waiting room. Polls and streams are answered from here, however
 * many they are; the room itself is looked at four times a second at most, and only while somebody
 * asks. Safe to use from any event loop.
 */
public final class RoomViews {
  /** What the room itself says is kept for so long: who hammers at the door asks it once. */
  private static final Duration KEEP_ANSWERS = Duration.ofMillis(250);

  private static final int MOST_ANSWERS = 100_000;
  private static final int MOST_ACTED = 1_000_000;

  private final Vertx vertx;
  private final Bus bus;
  private final InstantSource clock;
  private final Rooms store;
  private final Context context;
  private final MeterRegistry registry;
  private final WaitPromises promises;
  private final Counter polls;
  private final Counter pollsOfRooms;
  private final Map<RoomId, Viewed> watched = new ConcurrentHashMap<>();
  private final Cache<CheckAdmission, CompletableFuture<Admission>> answersOfRooms =
      Caffeine.newBuilder().maximumSize(MOST_ANSWERS).expireAfterWrite(KEEP_ANSWERS).build();
  private final Cache<SessionId, Boolean> acted =
      Caffeine.newBuilder()
          .maximumSize(MOST_ACTED)
          .expireAfterWrite(RoomSettings.LONGEST_SESSION)
          .build();

  private record Viewed(RoomWatch watch, RoomFollowers followers) {}

  /**
   * Make one a node, outside of any verticle: it lives as long as the node.
   *
   * @param clock the database's time
   * @param store knows which rooms there are
   */
  public RoomViews(
      Vertx vertx,
      Bus bus,
      InstantSource clock,
      Rooms store,
      MeterRegistry registry,
      SaleTally tally) {
    this.vertx = vertx;
    this.bus = bus;
    this.clock = clock;
    this.store = store;
    this.context = vertx.getOrCreateContext();
    this.registry = registry;
    this.promises = new WaitPromises(registry, tally);
    this.polls = registry.counter("queue_polls", "answered_by", "view");
    this.pollsOfRooms = registry.counter("queue_polls", "answered_by", "room");
  }

  /**
   * Where a place stands, at most 250 ms ago. Asking makes its owner present. Anyone who may be in
   * by now is told by the room itself, so that nobody who heard ACTIVE at one node hears WAITING at
   * another.
   *
   * @return fails with a {@link io.concert.domain.Fault}
   */
  public Future<Placement> poll(Poll poll) {
    Viewed room = viewed(poll.room());
    room.watch().seen(poll.place(), poll.user());
    return view(room.watch()).compose(view -> placed(room.watch(), view, poll));
  }

  private Future<Placement> placed(RoomWatch watch, RoomView view, Poll poll) {
    Optional<Placement> known =
        placement(watch, view, poll)
            .filter(it -> it.state() != PlaceState.WAITING || !view.mayBeIn(it.number()));
    if (known.isPresent()) {
      if (known.get().state() != PlaceState.ACTIVE && !view.isSureAt(clock.millis())) {
        return Future.failedFuture(
            new Fault(Fault.Kind.UNAVAILABLE, "room " + poll.room() + " can't be looked at"));
      }
      polls.increment();
      return Future.succeededFuture(known.get());
    }
    pollsOfRooms.increment();
    return bus.request(QueueMessages.POLL, poll);
  }

  /** Empty if the room has to be asked itself. */
  private Optional<Placement> placement(RoomWatch watch, RoomView view, Poll poll) {
    if (watch.isRefused(poll.place(), poll.user())) {
      return Optional.empty();
    }
    long now = clock.millis();
    Optional<Standing> standing =
        view.standing(poll.user(), poll.place(), poll.arrivalMillis(), now);
    standing
        .flatMap(Standing::estimate)
        .ifPresent(wait -> promises.made(poll.room(), poll.place(), wait, now));
    return standing.map(Placements::of);
  }

  /**
   * Follows a place: its owner is present while it is followed and is there. The listener hears at
   * once where the place stands, then whenever that changes, at most a few times a second, on the
   * calling context; the last it hears is ENDED.
   *
   * @param isThere whether the follower still takes what it is told; from any thread
   * @return to be closed when nobody listens any more
   */
  public Following follow(Poll who, Consumer<Update> listener, BooleanSupplier isThere) {
    Viewed room = viewed(who.room());
    Context caller = vertx.getOrCreateContext();
    return room.followers()
        .add(who, update -> caller.runOnContext(run -> listener.accept(update)), isThere);
  }

  /**
   * @param version names the room's state that the placement was read from; equal texts, equal
   *     placements
   */
  public record Update(String version, Placement placement) {}

  /** Ends the following. */
  public interface Following {
    void close();
  }

  /**
   * May the owner of this place use the reservation endpoints? Counts as the first action. The room
   * itself is asked before anybody is refused.
   */
  public Future<Admission> checkAdmission(RoomId room, UserId user, Place place) {
    return view(viewed(room).watch())
        .compose(seen -> checked(seen, new CheckAdmission(room, user, place)));
  }

  private Future<Admission> checked(RoomView view, CheckAdmission check) {
    return view.admission(check.user(), check.place(), clock.millis())
        .map(Future::succeededFuture)
        .orElseGet(() -> answerOfRoom(check))
        .onSuccess(admission -> countAction(view, check.room(), admission));
  }

  /** A failure isn't kept: the fault would last longer than it does. */
  private Future<Admission> answerOfRoom(CheckAdmission check) {
    CompletableFuture<Admission> answer = answersOfRooms.get(check, this::askRoom);
    return here(answer).onFailure(failure -> answersOfRooms.asMap().remove(check, answer));
  }

  private CompletableFuture<Admission> askRoom(CheckAdmission check) {
    CompletableFuture<Admission> answer = new CompletableFuture<>();
    bus.request(QueueMessages.CHECK_ADMISSION, check)
        .onComplete(answer::complete, answer::completeExceptionally);
    return answer;
  }

  private void countAction(RoomView view, RoomId room, Admission admission) {
    if (!view.facts().settings().firstAction().isZero()) {
      admission.session().ifPresent(session -> act(room, session));
    }
  }

  /** Once a session is enough; what couldn't be written is tried with the next action. */
  private void act(RoomId room, SessionId session) {
    if (acted.asMap().putIfAbsent(session, true) == null) {
      bus.request(RoomSync.ACTED, new RoomSync.Acted(room, session))
          .onFailure(failure -> acted.invalidate(session));
    }
  }

  /** The room as it is now, empty if there is none. Costs no look of its own while others ask. */
  public Future<Optional<RoomStatus>> status(RoomId room) {
    return watched.containsKey(room)
        ? look(room).map(Optional::of)
        : store
            .find(room)
            .compose(
                found ->
                    found.isEmpty()
                        ? Future.succeededFuture(Optional.empty())
                        : look(room).map(Optional::of));
  }

  private Future<RoomStatus> look(RoomId room) {
    return view(viewed(room).watch())
        .map(
            view ->
                new RoomStatus(
                    view.facts().settings(),
                    view.present(),
                    view.active(),
                    view.facts().ahead(),
                    view.draws()));
  }

  /**
   * A room's public state.
   *
   * @param waiting people present who wait
   * @param active people admitted
   * @param ahead the opening to come, if there is one
   * @param draws those made, by number
   */
  public record RoomStatus(
      RoomSettings settings,
      long waiting,
      int active,
      Optional<PlannedDraw> ahead,
      List<DrawResult> draws) {
    public RoomStatus {
      draws = List.copyOf(draws);
    }
  }

  private Viewed viewed(RoomId room) {
    Viewed known = watched.get(room);
    return known == null ? watched.computeIfAbsent(room, this::watch) : known;
  }

  private Viewed watch(RoomId room) {
    RoomFollowers[] followers = new RoomFollowers[1];
    Counter looks = registry.counter("queue_looks", "room", room.name());
    RoomWatch watch =
        new RoomWatch(
            room,
            bus,
            context,
            System::nanoTime,
            view -> {
              looks.increment();
              promises.kept(room, view, clock.millis());
              followers[0].look(view);
            });
    followers[0] =
        new RoomFollowers(vertx, context, bus, watch, (view, poll) -> placement(watch, view, poll));
    return new Viewed(watch, followers[0]);
  }

  private Future<RoomView> view(RoomWatch watch) {
    RoomView fresh = watch.fresh();
    return fresh == null ? here(watch.look()) : Future.succeededFuture(fresh);
  }

  /** On the caller's own context. */
  private <T> Future<T> here(CompletableFuture<T> shared) {
    return Future.fromCompletionStage(shared, vertx.getOrCreateContext());
  }
}
