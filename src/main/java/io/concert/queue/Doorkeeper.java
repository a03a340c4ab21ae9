package io.concert.queue;

import io.concert.domain.RoomId;
import io.concert.grid.ReplicatedAggregate;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Lets people in and closes the door behind them: what happens in a waiting room without anybody
 * asking. Only what PostgreSQL has committed is told to the room, so nobody hears ACTIVE before it
 * is true; without a database nobody is admitted while positions go on.
 *
 * <p>Two nodes that believe to own a room do work twice and nothing wrong: each decision is the
 * database's.
 */
final class Doorkeeper {
  private static final int BATCH = 64;

  private final Vertx vertx;
  private final ReplicatedAggregate<WaitingRoom, RoomCommand, RoomEvent, RoomReply> rooms;
  private final RoomSessions sessions;
  private final DoorMetrics metrics;
  private final Map<RoomId, Door> doors = new HashMap<>();
  private final Duty endings;

  /** What recurs at one room. */
  private final class Door {
    private final RoomId room;
    private final Duty admission;
    private final Duty reading;
    private final Duty opening;
    private boolean knownInUse;

    Door(RoomId room) {
      this.room = room;
      admission = new Duty(vertx, "admit to room " + room, () -> admitNext(room));
      reading = new Duty(vertx, "read sessions of room " + room, this::read);
      opening = new Duty(vertx, "begin an epoch of room " + room, () -> begin(room));
    }

    /** The database is told when a loss begins to matter, and when it doesn't any more. */
    private Future<Void> read() {
      return readChanges(room)
          .onSuccess(lineUp -> metrics.seen(room, lineUp))
          .compose(
              lineUp ->
                  lineUp.inUse() == knownInUse
                      ? Future.succeededFuture()
                      : sessions
                          .markWaiting(room, lineUp.inUse())
                          .onSuccess(done -> knownInUse = lineUp.inUse()));
    }
  }

  Doorkeeper(
      Vertx vertx,
      ReplicatedAggregate<WaitingRoom, RoomCommand, RoomEvent, RoomReply> rooms,
      RoomSessions sessions,
      DoorMetrics metrics) {
    this.vertx = vertx;
    this.rooms = rooms;
    this.sessions = sessions;
    this.metrics = metrics;
    this.endings = new Duty(vertx, "end due sessions", this::endDue);
  }

  /** Fills the free slots of the rooms that this node owns. */
  void admit() {
    rooms.ownedKeys().forEach(name -> door(new RoomId(name)).admission.run());
  }

  /** Fills the free slots of one room at once, as some have just become free. */
  void admitAtOnce(RoomId room) {
    door(room).admission.runAfterNews();
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

  /** Gives the room an epoch of its own, after an opening; who asks meanwhile shares it. */
  Future<Void> beginEpoch(RoomId room) {
    return door(room).opening.runAndWait();
  }

  /** Makes sure that a draw will cover the room's places up to a sequence. */
  Future<Void> reserve(RoomId room, int epoch, int upTo) {
    return sessions.reserve(room, epoch, upTo).compose(reserved -> readChanges(room)).mapEmpty();
  }

  /** Begins nothing more; completes when what is under way has ended. */
  Future<Void> stop() {
    List<Future<Void>> stopping = new ArrayList<>();
    stopping.add(endings.stop());
    for (Door door : doors.values()) {
      stopping.add(door.admission.stop());
      stopping.add(door.reading.stop());
      stopping.add(door.opening.stop());
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

  /** What an opening needs, without anybody joining. */
  private Future<Void> prepare(RoomId room, RoomReply.LineUp next) {
    if (next.needsEpoch()) {
      return beginEpoch(room).onSuccess(done -> admitAtOnce(room));
    }
    return next.reserveUpTo() == 0
        ? Future.succeededFuture()
        : reserve(room, next.epoch(), next.reserveUpTo());
  }

  private Future<Void> admit(RoomId room, RoomReply.LineUp next) {
    if (next.people().isEmpty()) {
      return Future.succeededFuture();
    }
    return sessions
        .admit(room, next.people())
        .compose(
            decided -> {
              metrics.admitted(room, (int) decided.stream().filter(it -> !it.ended()).count());
              return learn(room, decided).map(decided.size());
            })
        .compose(decided -> decided < BATCH ? Future.succeededFuture() : admitNext(room));
  }

  private Future<Void> begin(RoomId room) {
    return sessions
        .beginEpoch(room)
        .compose(begun -> rooms.submit(room.name(), new RoomCommand.BeginEpoch(begun)))
        .mapEmpty();
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

  private Future<Void> learnEnds(RoomId room, List<SessionTruth> ended) {
    metrics.ended(room, ended.size());
    return learn(room, ended).onSuccess(done -> admitAtOnce(room));
  }

  /**
   * @return the room as it was before
   */
  private Future<RoomReply.LineUp> readChanges(RoomId room) {
    return lineUp(room, 0)
        .compose(
            known ->
                sessions
                    .changedSince(room, known.asOfXid(), known.epoch())
                    .compose(
                        changes ->
                            rooms.submit(
                                room.name(),
                                new RoomCommand.Learn(
                                    changes.truths(), Optional.of(changes.reading()))))
                    .map(done -> known));
  }

  private Future<RoomReply.LineUp> lineUp(RoomId room, int limit) {
    return rooms
        .submit(room.name(), new RoomCommand.NextInLine(limit))
        .map(RoomReply.LineUp.class::cast);
  }

  private Future<Void> learn(RoomId room, List<SessionTruth> truths) {
    return rooms.submit(room.name(), new RoomCommand.Learn(truths, Optional.empty())).mapEmpty();
  }
}
