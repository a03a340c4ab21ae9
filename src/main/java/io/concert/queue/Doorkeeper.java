package io.concert.queue;

import io.concert.bus.Bus;
import io.concert.domain.Fault;
import io.concert.domain.RoomId;
import io.concert.grid.api.ReplicatedAggregate;
import io.concert.postgres.job.RecurringTask;
import io.concert.queue.api.QueueMessages;
import io.concert.queue.api.QueueMessages.OwnerLeft;
import io.concert.queue.room.RoomCommand;
import io.concert.queue.room.RoomEvent;
import io.concert.queue.room.RoomReply;
import io.concert.queue.room.SessionRow;
import io.concert.queue.room.WaitingRoom;
import io.concert.queue.store.RoomSessions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets people in and closes the door behind them: what happens in a waiting room without anybody
 * asking. Only what PostgreSQL has committed is told to the room, so nobody hears ACTIVE before it
 * is true; without a database nobody is admitted while positions go on.
 *
 * <p>Two nodes that believe to own a room do work twice and nothing wrong: each decision is the
 * database's.
 */
final class Doorkeeper {
  private static final Logger log = LoggerFactory.getLogger(Doorkeeper.class);

  private static final int BATCH = 64;

  /** Longer than a look takes on a busy machine, and shorter than people wait for an answer. */
  private static final long LOOK_MILLIS = 800;

  private final Vertx vertx;
  private final Bus bus;
  private final ReplicatedAggregate<WaitingRoom, RoomCommand, RoomEvent, RoomReply> rooms;
  private final RoomSessions sessions;
  private final DoorMetrics metrics;
  private final InstantSource clock;
  private final Map<RoomId, Door> doors = new HashMap<>();
  private final RecurringTask endings;

  /** What recurs at one room. */
  private final class Door {
    private final RoomId room;
    private final RecurringTask admission;
    private final RecurringTask reading;
    private final RecurringTask opening;
    private final RecurringTask reservation;

    Door(RoomId room) {
      this.room = room;
      admission = new RecurringTask(vertx, "admit to room " + room, () -> admitNext(room));
      reading = new RecurringTask(vertx, "read sessions of room " + room, this::read);
      opening = new RecurringTask(vertx, "begin an epoch of room " + room, () -> begin(room));
      reservation =
          new RecurringTask(vertx, "reserve places of room " + room, () -> reserveMore(room));
    }

    /** The database is told when a loss begins to matter, and when it doesn't any more. */
    private Future<Void> read() {
      return readChanges(room)
          .onSuccess(look -> metrics.seen(room, look.before(), look.open()))
          .compose(
              look ->
                  look.before().needsEpoch() || look.before().inUse() == look.peopleWait()
                      ? Future.succeededFuture()
                      : sessions.markWaiting(room, look.before().inUse()));
    }
  }

  Doorkeeper(
      Vertx vertx,
      Bus bus,
      ReplicatedAggregate<WaitingRoom, RoomCommand, RoomEvent, RoomReply> rooms,
      RoomSessions sessions,
      DoorMetrics metrics,
      InstantSource clock) {
    this.vertx = vertx;
    this.bus = bus;
    this.rooms = rooms;
    this.sessions = sessions;
    this.metrics = metrics;
    this.clock = clock;
    this.endings = new RecurringTask(vertx, "end due sessions", this::endDue);
  }

  /** Notes that somebody gave up. */
  void left(RoomId room, boolean wasInside) {
    metrics.left(room, wasInside);
  }

  /** Fills the free slots of the rooms that this node owns. */
  void admit() {
    rooms.ownedKeys().forEach(name -> door(new RoomId(name)).admission.run());
  }

  /** Fills the free slots of one room at once, as some have just become free. */
  void admitAtOnce(RoomId room) {
    door(room).admission.runAfterNews();
  }

  /**
   * The same.
   *
   * @return completes when everyone who could be let in is in; a rush of callers shares it
   */
  Future<Void> admitAtOnceAndWait(RoomId room) {
    return door(room).admission.runAfterNewsAndWait();
  }

  /** Ends sessions whose time is over, in all rooms. */
  void endSessions() {
    endings.run();
  }

  /** Reads what has changed in the rooms that this node owns: whatever nobody told them. */
  void reconcile() {
    Set<String> owned = rooms.ownedKeys();
    metrics.keepOnly(owned);
    owned.forEach(name -> door(new RoomId(name)).reading.run());
  }

  /** Reads what has changed in one room. */
  Future<Void> reconcile(RoomId room) {
    return readChanges(room).mapEmpty();
  }

  /**
   * Reads what has changed in one room before it answers; who asks meanwhile shares it.
   *
   * @return fails soon if it can't be done
   */
  Future<Void> lookFor(RoomId room) {
    RecurringTask reading = door(room).reading;
    boolean inVain = reading.hasJustFailed();
    Future<Void> look = reading.runAndWait();
    return inVain
        ? Future.failedFuture(new Fault(Fault.Kind.UNAVAILABLE, "room " + room + " can't be read"))
        : look.timeout(LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Gives the room an epoch of its own, after an opening; who asks meanwhile shares it. */
  Future<Void> beginEpoch(RoomId room) {
    return door(room).opening.runAndWait();
  }

  /** Reserves the places that the room will give next; who asks meanwhile shares it. */
  Future<Void> reserve(RoomId room) {
    return door(room).reservation.runAndWait();
  }

  /** Begins nothing more; completes when what is under way has ended. */
  Future<Void> stop() {
    List<Future<Void>> stopping = new ArrayList<>();
    stopping.add(endings.stop());
    for (Door door : doors.values()) {
      stopping.add(door.admission.stop());
      stopping.add(door.reading.stop());
      stopping.add(door.opening.stop());
      stopping.add(door.reservation.stop());
    }
    return Future.join(stopping).mapEmpty();
  }

  private Door door(RoomId room) {
    return doors.computeIfAbsent(room, Door::new);
  }

  private Future<Void> admitNext(RoomId room) {
    return lineUp(room, BATCH)
        .compose(next -> prepare(room, next).compose(done -> admit(room, next)));
  }

  /** What an opening, another owner and many joins need, without anybody joining. */
  private Future<Void> prepare(RoomId room, RoomReply.LineUp next) {
    if (next.needsEpoch()) {
      return beginEpoch(room).onSuccess(done -> admitAtOnce(room));
    }
    return next.reserveUpTo() == 0 ? Future.succeededFuture() : reserve(room);
  }

  private Future<Void> admit(RoomId room, RoomReply.LineUp next) {
    if (next.people().isEmpty()) {
      return Future.succeededFuture();
    }
    return sessions
        .admit(room, next.epoch(), next.people())
        .compose(
            admitted -> {
              if (admitted.epochLost()) {
                return reconcile(room).map(0);
              }
              List<SessionRow> decided = admitted.decided();
              metrics.admitted(room, (int) decided.stream().filter(it -> !it.ended()).count());
              return learn(room, decided)
                  .onSuccess(reply -> endForWhoLeft(room, reply))
                  .map(decided.size());
            })
        .compose(decided -> decided < BATCH ? Future.succeededFuture() : admitNext(room));
  }

  /**
   * For the copy that needs it: if another one gets to hear of it, that one still needs its own.
   */
  private Future<Void> begin(RoomId room) {
    return lineUp(room, 0)
        .compose(
            known ->
                known.needsEpoch()
                    ? sessions
                        .beginEpoch(room, known.copy(), known.epoch())
                        .compose(
                            begun ->
                                rooms.submit(
                                    room.name(),
                                    new RoomCommand.BeginEpoch(
                                        begun.reading(), known.copy(), begun.lost())))
                        .<Void>mapEmpty()
                    : Future.succeededFuture());
  }

  private Future<Void> reserveMore(RoomId room) {
    return lineUp(room, 0)
        .compose(
            known ->
                known.reserveUpTo() == 0
                    ? Future.succeededFuture()
                    : sessions
                        .reserve(room, known.epoch(), known.reserveUpTo())
                        .compose(reserved -> reconcile(room)));
  }

  private Future<Void> endDue() {
    return sessions
        .endDue()
        .compose(
            ended ->
                Future.join(
                        ended.entrySet().stream()
                            .map(room -> learnEnds(room.getKey(), room.getValue()))
                            .toList())
                    .mapEmpty());
  }

  private Future<Void> learnEnds(RoomId room, List<SessionRow> ended) {
    metrics.ended(room, ended.size());
    return learn(room, ended).onSuccess(done -> admitAtOnce(room)).mapEmpty();
  }

  /**
   * @param before the room as it was before
   * @param peopleWait as the database says
   * @param open whether people may be let in
   */
  private record Look(RoomReply.LineUp before, boolean peopleWait, boolean open) {}

  private Future<Look> readChanges(RoomId room) {
    long begun = clock.millis();
    return lineUp(room, 0)
        .compose(
            known ->
                sessions
                    .changedSince(room, known.asOfXid(), known.epoch())
                    .compose(
                        changes ->
                            rooms
                                .submit(
                                    room.name(),
                                    new RoomCommand.Learn(
                                        changes.sessionRows(),
                                        Optional.of(changes.reading()),
                                        begun))
                                .map(
                                    done ->
                                        new Look(
                                            known,
                                            changes.peopleWait(),
                                            changes.reading().isOpen()))));
  }

  private Future<RoomReply.LineUp> lineUp(RoomId room, int limit) {
    return rooms
        .submit(room.name(), new RoomCommand.NextInLine(limit))
        .map(RoomReply.LineUp.class::cast);
  }

  private Future<RoomReply> learn(RoomId room, List<SessionRow> sessionRows) {
    return rooms.submit(room.name(), new RoomCommand.Learn(sessionRows, Optional.empty()));
  }

  /** If that fails, their slots are free when their sessions' time is over. */
  private void endForWhoLeft(RoomId room, RoomReply learned) {
    if (learned instanceof RoomReply.OwnersLeft left) {
      for (var session : left.sessions()) {
        bus.request(QueueMessages.OWNER_LEFT, new OwnerLeft(room, session.user(), session.id()))
            .onFailure(
                failure ->
                    log.warn("can't end the session of one who left room {}", room, failure));
      }
    }
  }
}
