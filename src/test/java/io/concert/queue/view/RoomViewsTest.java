package io.concert.queue.view;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concert.bus.VertxBus;
import io.concert.domain.Fault;
import io.concert.domain.Place;
import io.concert.domain.RoomId;
import io.concert.domain.SaleTally;
import io.concert.domain.SessionId;
import io.concert.domain.UserId;
import io.concert.domain.Won;
import io.concert.postgres.Sql;
import io.concert.queue.api.PlaceState;
import io.concert.queue.api.QueueMessages;
import io.concert.queue.api.QueueMessages.Admission;
import io.concert.queue.api.QueueMessages.AdmissionState;
import io.concert.queue.api.QueueMessages.CheckAdmission;
import io.concert.queue.api.QueueMessages.Noted;
import io.concert.queue.api.QueueMessages.Placement;
import io.concert.queue.api.QueueMessages.Poll;
import io.concert.queue.api.RoomSettings;
import io.concert.queue.room.Placements;
import io.concert.queue.room.Room;
import io.concert.queue.room.RoomCommand;
import io.concert.queue.room.RoomDecisions;
import io.concert.queue.room.RoomDelta;
import io.concert.queue.room.RoomReply;
import io.concert.queue.room.RoomReply.Candidate;
import io.concert.queue.store.Rooms;
import io.concert.queue.view.RoomSync.LookReply;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RoomViewsTest {
  /** Two slots are free. */
  private static final int LAST = RoomDecisions.FRONT + 3;

  private final Vertx vertx = Vertx.vertx();
  private final VertxBus bus = new VertxBus(vertx);
  private final Room room = new Room(3, settings());

  /** Nobody asks for rooms by name here, so nothing ever connects. */
  private final Rooms store = new Rooms(new Sql(vertx, PgBuilder.pool().using(vertx).build(), 1));

  private final RoomViews views =
      new RoomViews(
          vertx,
          bus,
          () -> Instant.ofEpochMilli(room.now),
          store,
          new SimpleMeterRegistry(),
          SaleTally.NONE);
  private final List<Poll> askedOfTheRoom = new CopyOnWriteArrayList<>();
  private final BlockingQueue<SessionId> acted = new LinkedBlockingQueue<>();
  private volatile boolean looksFail;
  private volatile boolean checksFail;

  @BeforeEach
  void serveTheRoom() throws Exception {
    await(bus.serve(RoomSync.LOOK, this::look));
    await(bus.serve(QueueMessages.POLL, this::poll));
    await(bus.serve(QueueMessages.CHECK_ADMISSION, this::check));
    await(bus.serve(RoomSync.ACTED, this::acted));
  }

  @AfterEach
  void close() throws Exception {
    await(vertx.close());
  }

  /** Anyone who is let in has to do something within ten seconds. */
  private static RoomSettings settings() {
    return new RoomSettings(
        2,
        Duration.ofMinutes(10),
        Duration.ofSeconds(10),
        0,
        0,
        Duration.ofSeconds(30),
        Duration.ofSeconds(10),
        Optional.empty(),
        false,
        new Won(0));
  }

  private synchronized Future<LookReply> look(RoomSync.Look look) {
    if (looksFail) {
      return Future.failedFuture(new Fault(Fault.Kind.UNAVAILABLE, "not now"));
    }
    var command = new RoomCommand.Look(look.incarnation(), look.since(), look.seen());
    return Future.succeededFuture(new RoomSync.Saw((RoomDelta) room.tell(command)));
  }

  private synchronized Future<Placement> poll(Poll poll) {
    askedOfTheRoom.add(poll);
    var standing = (RoomReply.Standing) room.poll(poll.user().number(), poll.place());
    return Future.succeededFuture(Placements.of(standing));
  }

  private synchronized Future<Admission> check(CheckAdmission check) {
    if (checksFail) {
      return Future.failedFuture(new Fault(Fault.Kind.UNAVAILABLE, "not now"));
    }
    var checked = (RoomReply.Checked) room.check(check.user().number(), check.place());
    return Future.succeededFuture(checked.admission());
  }

  private Future<Noted> acted(RoomSync.Acted act) {
    acted.add(act.session());
    return Future.succeededFuture(new Noted());
  }

  @Test
  void whoWaitsIsAnsweredHereAndPresent() throws Exception {
    Place place = enterLast();
    room.now += 29_000;
    Placement told = ask(LAST, place);
    assertThat(told.state()).isEqualTo(PlaceState.WAITING);
    assertThat(told.number()).isEqualTo(LAST);
    assertThat(askedOfTheRoom).isEmpty();
    room.now += 2_000;
    assertThat(room.next(1))
        .extracting(Candidate::place)
        .as("still present")
        .containsExactly(place);
  }

  /** Another node may have told him already that he is in. */
  @Test
  void whoIsNextIsToldByTheRoom() throws Exception {
    Place place = letInBehindTheView();
    assertThat(ask(1, place).state()).isEqualTo(PlaceState.ACTIVE);
  }

  /** The view has the first in line still waiting, and can't look again. */
  private Place letInBehindTheView() throws Exception {
    Place place = room.enter(1).place();
    assertThat(ask(1, place).state()).isEqualTo(PlaceState.WAITING);
    looksFail = true;
    room.learn(room.session(50, 1, place));
    return place;
  }

  /** So far back that nobody can have let him in since the look. */
  private Place enterLast() {
    LongStream.range(1, LAST).forEach(room::enter);
    return room.enter(LAST).place();
  }

  /** Who is in polls, too, and would else cost the room's owner two operations each time. */
  @Test
  void whoIsInIsAnsweredHere() throws Exception {
    Place place = room.enter(1).place();
    room.learn(room.session(50, 1, place));
    assertThat(ask(1, place).state()).isEqualTo(PlaceState.ACTIVE);
    assertThat(askedOfTheRoom).isEmpty();
  }

  @Test
  void somebodyElsesPlaceIsAskedOfTheRoom() throws Exception {
    Place place = room.enter(1).place();
    assertThat(ask(2, place).state()).isEqualTo(PlaceState.ENDED);
    assertThat(askedOfTheRoom).hasSize(1);
  }

  @Test
  void firstActionOfWhoIsInCountsOnce() throws Exception {
    Place place = room.enter(1).place();
    room.learn(room.session(50, 1, place));
    Place other = room.enter(2).place();
    room.learn(room.session(51, 2, other));
    assertThat(admission(1, place)).isEqualTo(AdmissionState.ACTIVE);
    assertThat(admission(1, place)).isEqualTo(AdmissionState.ACTIVE);
    assertThat(acted.poll(5, SECONDS)).isEqualTo(new SessionId(50));
    assertThat(admission(2, other)).isEqualTo(AdmissionState.ACTIVE);
    assertThat(acted.poll(5, SECONDS)).isEqualTo(new SessionId(51));
  }

  @Test
  void firstActionCountsAlsoIfTheViewDoesNotKnowTheSessionYet() throws Exception {
    Place place = letInBehindTheView();

    assertThat(admission(1, place)).isEqualTo(AdmissionState.ACTIVE);
    assertThat(acted.poll(5, SECONDS)).isEqualTo(new SessionId(50));
  }

  @Test
  void checkThatFailedIsAskedAgainAtOnce() throws Exception {
    Place place = room.enter(1).place();
    checksFail = true;
    assertThatThrownBy(() -> admission(1, place)).hasCauseInstanceOf(Fault.class);
    checksFail = false;
    assertThat(admission(1, place)).isEqualTo(AdmissionState.NONE);
  }

  private AdmissionState admission(long user, Place place) throws Exception {
    return await(views.checkAdmission(RoomId.DEFAULT, new UserId(user), place)).state();
  }

  private Placement ask(long user, Place place) throws Exception {
    return await(views.poll(new Poll(RoomId.DEFAULT, new UserId(user), place, 0)));
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(5, SECONDS);
  }
}
