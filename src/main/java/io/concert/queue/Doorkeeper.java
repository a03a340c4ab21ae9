package io.concert.queue;

import io.concert.domain.RoomId;
import io.concert.grid.ReplicatedAggregate;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

  private final ReplicatedAggregate<WaitingRoom, RoomCommand, RoomEvent, RoomReply> rooms;
  private final RoomSessions sessions;
  private final Map<RoomId, Duty> admissions = new HashMap<>();
  private final Map<RoomId, Duty> readings = new HashMap<>();
  private final Duty endings = new Duty("end due sessions", this::endDue);

  Doorkeeper(
      ReplicatedAggregate<WaitingRoom, RoomCommand, RoomEvent, RoomReply> rooms,
      RoomSessions sessions) {
    this.rooms = rooms;
    this.sessions = sessions;
  }

  /** Fills the free slots of the rooms that this node owns. */
  void admit() {
    rooms.ownedKeys().forEach(name -> admission(new RoomId(name)).run());
  }

  /** Fills the free slots of one room at once, as some have just become free. */
  void admitAtOnce(RoomId room) {
    admission(room).runAfterNews();
  }

  /** Ends sessions whose time is over, in all rooms. */
  void endSessions() {
    endings.run();
  }

  /** Reads what has changed in the rooms that this node owns: whatever nobody told them. */
  void reconcile() {
    for (String name : rooms.ownedKeys()) {
      RoomId room = new RoomId(name);
      readings
          .computeIfAbsent(room, r -> new Duty("read sessions of room " + r, () -> read(r)))
          .run();
    }
  }

  /** Begins nothing more; completes when what is under way has ended. */
  Future<Void> stop() {
    List<Future<Void>> stopping = new ArrayList<>();
    stopping.add(endings.stop());
    admissions.values().forEach(duty -> stopping.add(duty.stop()));
    readings.values().forEach(duty -> stopping.add(duty.stop()));
    return Future.join(stopping).mapEmpty();
  }

  private Duty admission(RoomId room) {
    return admissions.computeIfAbsent(
        room, r -> new Duty("admit to room " + r, () -> admitNext(r)));
  }

  private Future<Void> admitNext(RoomId room) {
    return lineUp(room, BATCH)
        .compose(
            next ->
                next.people().isEmpty()
                    ? Future.succeededFuture()
                    : sessions
                        .admit(room, next.people())
                        .compose(decided -> learn(room, decided).map(decided.size()))
                        .compose(
                            decided ->
                                decided < BATCH ? Future.succeededFuture() : admitNext(room)));
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
    return learn(room, ended).onSuccess(done -> admitAtOnce(room));
  }

  private Future<Void> read(RoomId room) {
    return lineUp(room, 0)
        .compose(known -> sessions.changedSince(room, known.asOfXid()))
        .compose(
            changes ->
                rooms.submit(
                    room.name(),
                    new RoomCommand.Learn(changes.truths(), Optional.of(changes.reading()))))
        .mapEmpty();
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
