package io.concert.queue;

import io.concert.domain.Fault;
import io.concert.domain.Place;
import io.concert.domain.RoomId;
import io.concert.grid.ReplicatedAggregate;
import io.concert.queue.QueueMessages.Admission;
import io.concert.queue.QueueMessages.AdmissionState;
import io.concert.queue.QueueMessages.CheckAdmission;
import io.concert.queue.QueueMessages.Enter;
import io.concert.queue.QueueMessages.Noted;
import io.concert.queue.QueueMessages.Placement;
import io.concert.queue.QueueMessages.Poll;
import io.concert.queue.QueueMessages.SessionEnded;
import io.concert.queue.RoomReply.AskDatabase;
import io.concert.queue.RoomReply.Standing;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Answers for waiting rooms. The room answers nearly always by itself; where it can't know (a place
 * from before a loss, a session past the end that the room knows of) the row at that place is read,
 * told to the room, and the room is asked again.
 */
final class QueueService {
  private final ReplicatedAggregate<WaitingRoom, RoomCommand, RoomEvent, RoomReply> rooms;
  private final RoomSessions sessions;
  private final Doorkeeper doorkeeper;
  private final InstantSource clock;

  QueueService(
      ReplicatedAggregate<WaitingRoom, RoomCommand, RoomEvent, RoomReply> rooms,
      RoomSessions sessions,
      Doorkeeper doorkeeper,
      InstantSource clock) {
    this.rooms = rooms;
    this.sessions = sessions;
    this.doorkeeper = doorkeeper;
    this.clock = clock;
  }

  Future<Placement> enter(Enter enter) {
    RoomId room = enter.room();
    return submit(room, new RoomCommand.Enter(enter.user(), false))
        .compose(
            reply ->
                reply instanceof AskDatabase ask
                    ? lookUp(room, ask.place())
                        .compose(looked -> submit(room, new RoomCommand.Enter(enter.user(), true)))
                    : Future.succeededFuture(reply))
        .compose(QueueService::placement)
        .onSuccess(placed -> letInIfNew(room, placed));
  }

  /** Where slots are free nobody waits for a tick; a rush of newcomers shares one admission. */
  private void letInIfNew(RoomId room, Placement placed) {
    if (placed.created()) {
      doorkeeper.admitAtOnce(room);
    }
  }

  Future<Placement> poll(Poll poll) {
    RoomId room = poll.room();
    var command = new RoomCommand.Poll(poll.user(), poll.place(), poll.arrivalMillis());
    var rejoin = new RoomCommand.Rejoin(poll.user(), poll.place(), poll.arrivalMillis());
    return submit(room, command)
        .compose(
            reply ->
                reply instanceof AskDatabase
                    ? lookUp(room, poll.place())
                        .compose(found -> submit(room, found.isPresent() ? command : rejoin))
                    : Future.succeededFuture(reply))
        .map(reply -> reply instanceof AskDatabase ? ended(poll) : reply)
        .compose(QueueService::placement);
  }

  Future<Admission> checkAdmission(CheckAdmission check) {
    RoomId room = check.room();
    var command = new RoomCommand.CheckAdmission(check.user(), check.place());
    return submit(room, command)
        .compose(
            reply ->
                reply instanceof AskDatabase
                    ? lookUp(room, check.place())
                        .compose(
                            found ->
                                found.isPresent()
                                    ? submit(room, command)
                                    : Future.succeededFuture(reply))
                    : Future.succeededFuture(reply))
        .map(
            reply ->
                reply instanceof RoomReply.Checked checked
                    ? new Admission(checked.state())
                    : new Admission(AdmissionState.NONE));
  }

  /** The slot is free: the next is let in without waiting for a tick. */
  Future<Noted> sessionEnded(SessionEnded ended) {
    return submit(ended.room(), new RoomCommand.EndSession(ended.user(), ended.session()))
        .onSuccess(done -> doorkeeper.admitAtOnce(ended.room()))
        .map(done -> new Noted());
  }

  private Future<RoomReply> submit(RoomId room, RoomCommand command) {
    return rooms.submit(room.name(), command);
  }

  /** Reads the row of a place and lets the room know of it. */
  private Future<Optional<SessionTruth>> lookUp(RoomId room, Place place) {
    return sessions
        .at(room, place)
        .compose(
            found ->
                found.isEmpty()
                    ? Future.succeededFuture(found)
                    : submit(room, new RoomCommand.Learn(List.of(found.get()), Optional.empty()))
                        .map(done -> found));
  }

  /** The row has lasted its time and is about to be ended. */
  private Standing ended(Poll poll) {
    return WaitingRoom.ended(poll.user(), poll.place(), poll.arrivalMillis(), clock.millis());
  }

  private static Future<Placement> placement(RoomReply reply) {
    if (!(reply instanceof Standing standing)) {
      return Future.failedFuture(
          new Fault(Fault.Kind.OVERLOADED, "the waiting room has given all its places"));
    }
    Optional<Instant> expiresAt =
        standing.state() == PlaceState.ACTIVE
            ? Optional.of(Instant.ofEpochMilli(standing.expiresAtMillis()))
            : Optional.empty();
    return Future.succeededFuture(
        new Placement(
            standing.created(),
            standing.place(),
            standing.arrivalMillis(),
            standing.state(),
            standing.number(),
            expiresAt,
            Duration.ofMillis(standing.pollAfterMillis())));
  }
}
