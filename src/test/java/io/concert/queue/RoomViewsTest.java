package io.concert.queue;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.concert.bus.VertxBus;
import io.concert.domain.Place;
import io.concert.domain.RoomId;
import io.concert.domain.UserId;
import io.concert.postgres.Sql;
import io.concert.queue.QueueMessages.Placement;
import io.concert.queue.QueueMessages.Poll;
import io.concert.queue.RoomLooks.LookReply;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RoomViewsTest {
  private final Vertx vertx = Vertx.vertx();
  private final VertxBus bus = new VertxBus(vertx);
  private final Room room = new Room(3, 2);

  /** Nobody asks for rooms by name here, so nothing ever connects. */
  private final Rooms store = new Rooms(new Sql(PgBuilder.pool().using(vertx).build()));

  private final RoomViews views =
      new RoomViews(
          vertx, bus, () -> Instant.ofEpochMilli(room.now), store, new SimpleMeterRegistry());
  private final List<Poll> askedOfTheRoom = new CopyOnWriteArrayList<>();

  @BeforeEach
  void serveTheRoom() throws Exception {
    await(bus.serve(RoomLooks.LOOK, this::look));
    await(bus.serve(QueueMessages.POLL, this::poll));
  }

  @AfterEach
  void close() throws Exception {
    await(vertx.close());
  }

  private synchronized Future<LookReply> look(RoomLooks.Look look) {
    var command = new RoomCommand.Look(look.incarnation(), look.since(), look.seen());
    return Future.succeededFuture(new RoomLooks.Saw((Sight) room.tell(command)));
  }

  private synchronized Future<Placement> poll(Poll poll) {
    askedOfTheRoom.add(poll);
    var standing = (RoomReply.Standing) room.poll(poll.user().number(), poll.place());
    return Future.succeededFuture(Placements.of(standing));
  }

  @Test
  void whoWaitsIsAnsweredHereAndPresent() throws Exception {
    Place place = room.enter(1).place();
    room.now += 30_001;
    assertThat(ask(1, place).state()).isEqualTo(PlaceState.WAITING);
    assertThat(room.next(1)).hasSize(1);
    assertThat(askedOfTheRoom).isEmpty();
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

  private Placement ask(long user, Place place) throws Exception {
    return await(views.poll(new Poll(RoomId.DEFAULT, new UserId(user), place, 0)));
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(5, SECONDS);
  }
}
