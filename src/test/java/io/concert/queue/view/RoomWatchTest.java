package io.concert.queue.view;

import static io.concert.Patience.until;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.concert.bus.VertxBus;
import io.concert.domain.Fault;
import io.concert.domain.Place;
import io.concert.domain.RoomId;
import io.concert.domain.UserId;
import io.concert.queue.room.Room;
import io.concert.queue.room.RoomCommand;
import io.concert.queue.room.RoomCommand.SeenPlace;
import io.concert.queue.room.RoomDelta;
import io.concert.queue.view.RoomSync.LookReply;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RoomWatchTest {
  private final Vertx vertx = Vertx.vertx();
  private final VertxBus bus = new VertxBus(vertx);
  private final AtomicLong nanos = new AtomicLong(17);
  private final Room room = new Room(3, 2);
  private final List<RoomSync.Look> looks = new CopyOnWriteArrayList<>();
  private final List<RoomView> heard = new CopyOnWriteArrayList<>();
  private final RoomWatch watch =
      new RoomWatch(
          RoomId.DEFAULT, bus, vertx.getOrCreateContext(), nanos::get, view -> heard.add(view));
  private volatile @Nullable Future<LookReply> instead;

  @BeforeEach
  void serveTheRoom() throws Exception {
    await(bus.serve(RoomSync.LOOK, this::serve));
  }

  @AfterEach
  void close() throws Exception {
    await(vertx.close());
  }

  private synchronized Future<LookReply> serve(RoomSync.Look look) {
    looks.add(look);
    Future<LookReply> other = instead;
    if (other != null) {
      return other;
    }
    var command = new RoomCommand.Look(look.incarnation(), look.since(), look.seen());
    return Future.succeededFuture(new RoomSync.Saw((RoomDelta) room.tell(command)));
  }

  @Test
  void whoeverAsksIn250MillisecondsSharesOneLook() throws Exception {
    assertThat(watch.fresh()).isNull();
    RoomView view = look();
    pass(Duration.ofMillis(249));
    assertThat(watch.fresh()).isSameAs(view);
    assertThat(look()).isSameAs(view);
    assertThat(looks).hasSize(1);

    pass(Duration.ofMillis(1));
    assertThat(watch.fresh()).isNull();
    assertThat(look()).isNotSameAs(view);
    assertThat(looks).hasSize(2);
    assertThat(heard).hasSize(2);
  }

  @Test
  void lookUnderWayIsSharedHoweverLongItTakes() {
    instead = Promise.<LookReply>promise().future();
    CompletableFuture<RoomView> first = watch.look();
    pass(Duration.ofSeconds(1));
    assertThat(watch.look()).isSameAs(first);
  }

  /** Its age counts from when it was asked for. */
  @Test
  void lookThatTookLongIsNotFresh() throws Exception {
    Promise<LookReply> slow = Promise.promise();
    instead = slow.future();
    CompletableFuture<RoomView> shared = watch.look();
    until(() -> looks.size() >= 1);
    pass(RoomWatch.FRESH);
    slow.complete(new RoomSync.Saw((RoomDelta) room.tell(new RoomCommand.Look(0, 0, List.of()))));
    shared.get(5, SECONDS);
    assertThat(watch.fresh()).isNull();
  }

  @Test
  void asksForChangesOnlyAndEveryFewSecondsForAll() throws Exception {
    look();
    pass(RoomWatch.FRESH);
    RoomView view = look();
    assertThat(looks.get(0).since()).isZero();
    assertThat(looks.get(1).incarnation()).isEqualTo(room.copy());
    assertThat(looks.get(1).since()).isEqualTo(view.version());

    pass(RoomWatch.READ_ANEW.minus(RoomWatch.FRESH).minusNanos(1));
    look();
    assertThat(looks.get(2).since()).isNotZero();
    pass(RoomWatch.FRESH);
    look();
    assertThat(looks.get(3).incarnation()).isZero();
    assertThat(looks.get(3).since()).isZero();
    pass(RoomWatch.FRESH);
    look();
    assertThat(looks.get(4).since()).as("for another few seconds").isNotZero();
  }

  @Test
  void carriesWhoHasAskedOnce() throws Exception {
    Place place = room.enter((1L << 32) + 7).place();
    watch.seen(place, new UserId((1L << 32) + 7));
    look();
    pass(RoomWatch.FRESH);
    look();
    assertThat(looks.get(0).seen()).containsExactly(new SeenPlace(place, 7));
    assertThat(looks.get(1).seen()).isEmpty();
  }

  @Test
  void whoHasAskedInVainIsCarriedNextTime() throws Exception {
    Place place = room.enter(7).place();
    look();
    watch.seen(place, new UserId(7));
    failFor(Duration.ofSeconds(1));
    watch.seen(place, new UserId(8));
    pass(RoomWatch.FRESH);
    look();
    assertThat(looks.get(2).seen())
        .containsExactly(new SeenPlace(place, 7), new SeenPlace(place, 8));
  }

  @Test
  void whoAsksForSomebodyElsesPlaceIsRefusedAndItsOwnerIsNot() throws Exception {
    Place place = room.enter(7).place();
    watch.seen(place, new UserId(8));
    look();
    assertThat(watch.isRefused(place, new UserId(8))).isTrue();
    watch.seen(place, new UserId(7));
    pass(RoomWatch.FRESH);
    look();
    assertThat(watch.isRefused(place, new UserId(7))).isFalse();
    assertThat(watch.isRefused(place, new UserId(8))).as("remembered for a while").isTrue();
  }

  @Test
  void lastViewIsServedForFourSecondsWithoutTheRoom() throws Exception {
    RoomView view = look();
    assertThat(failFor(RoomWatch.SERVE_THE_LAST.minusNanos(1))).isSameAs(view);
    assertThat(watch.fresh()).as("it isn't fresh for that").isNull();
    assertThat(heard).hasSize(1);

    instead = Future.failedFuture(new Fault(Fault.Kind.UNAVAILABLE, "down"));
    pass(RoomWatch.FRESH);
    assertThatThrownBy(this::look).hasRootCauseInstanceOf(Fault.class);
  }

  @Test
  void failedLookIsEverybodysForAWhile() throws Exception {
    instead = Future.failedFuture(new Fault(Fault.Kind.UNAVAILABLE, "down"));
    assertThatThrownBy(this::look).hasRootCauseInstanceOf(Fault.class);
    pass(Duration.ofMillis(249));
    assertThatThrownBy(this::look).hasRootCauseInstanceOf(Fault.class);
    assertThat(looks).hasSize(1);
    instead = null;
    pass(Duration.ofMillis(1));
    assertThat(look()).isNotNull();
  }

  @Test
  void lostReportIsNoView() throws Exception {
    RoomView view = look();
    instead = Future.succeededFuture(new RoomSync.Missed());
    pass(RoomWatch.FRESH);
    assertThat(look()).isSameAs(view);
    instead = null;
    pass(RoomWatch.FRESH);
    look();
    assertThat(looks.get(2).since()).isEqualTo(view.version());
  }

  @Test
  void carriesNoMorePeopleThanItMay() throws Exception {
    for (int i = 0; i < 200_001; i++) {
      watch.seen(new Place(3, i), new UserId(i));
    }
    look();
    assertThat(looks.get(0).seen()).hasSize(200_000);

    watch.seen(new Place(2, 1), new UserId(1));
    Promise<LookReply> failing = Promise.promise();
    instead = failing.future();
    pass(RoomWatch.FRESH);
    CompletableFuture<RoomView> shared = watch.look();
    until(() -> looks.size() >= 2);
    for (int i = 0; i < 200_000; i++) {
      watch.seen(new Place(3, i), new UserId(i));
    }
    failing.fail(new Fault(Fault.Kind.UNAVAILABLE, "down"));
    shared.get(5, SECONDS);
    instead = null;
    pass(RoomWatch.FRESH);
    look();
    assertThat(looks.get(2).seen()).hasSize(200_000).startsWith(new SeenPlace(new Place(2, 1), 1));
  }

  @CanIgnoreReturnValue
  private RoomView failFor(Duration time) throws Exception {
    instead = Future.failedFuture(new Fault(Fault.Kind.UNAVAILABLE, "down"));
    pass(time);
    RoomView served = look();
    instead = null;
    return served;
  }

  @CanIgnoreReturnValue
  private RoomView look() throws Exception {
    return watch.look().get(5, SECONDS);
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private static <T> void await(Future<T> future) throws Exception {
    future.toCompletionStage().toCompletableFuture().get(5, SECONDS);
  }
}
