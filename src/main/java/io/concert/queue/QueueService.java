package io.concert.queue;

import io.concert.domain.Fault;
import io.concert.domain.Place;
import io.concert.domain.RoomId;
import io.concert.grid.ReplicatedAggregate;
import io.concert.queue.QueueMessages.Admission;
import io.concert.queue.QueueMessages.CheckAdmission;
import io.concert.queue.QueueMessages.Enter;
import io.concert.queue.QueueMessages.EnterReply;
import io.concert.queue.QueueMessages.HasSession;
import io.concert.queue.QueueMessages.Leave;
import io.concert.queue.QueueMessages.LeaveReply;
import io.concert.queue.QueueMessages.Left;
import io.concert.queue.QueueMessages.NoPlace;
import io.concert.queue.QueueMessages.Noted;
import io.concert.queue.QueueMessages.Placement;
import io.concert.queue.QueueMessages.Poll;
import io.concert.queue.QueueMessages.SessionEnded;
import io.concert.queue.QueueMessages.SettingsChanged;
import io.concert.queue.QueueMessages.TooManyJoins;
import io.concert.queue.RoomReply.AskDatabase;
import io.concert.queue.RoomReply.Standing;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Answers for waiting rooms. The room answers nearly always by itself; where it can't know (a place
 * from before a loss, a session past the end that the room knows of) the row at that place is read,
 * told to the room, and the room is asked again.
 */
final class QueueService {
  /** An opening and a reservation may both be in the way, and both may have to be repeated. */
  private static final int MOST_OBSTACLES = 4;

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

  Future<EnterReply> enter(Enter enter) {
    return entered(enter, false, MOST_OBSTACLES)
        .onSuccess(reply -> letInIfNew(enter.room(), reply));
  }

  private Future<EnterReply> entered(Enter enter, boolean afterLooking, int obstaclesLeft) {
    RoomId room = enter.room();
    return submit(room, new RoomCommand.Enter(enter.user(), enter.mayCreate(), afterLooking))
        .compose(
            reply -> {
              if (reply instanceof AskDatabase ask) {
                return lookUp(room, ask.place())
                    .compose(looked -> entered(enter, true, obstaclesLeft));
              }
              return obstaclesLeft == 0
                  ? enterReply(reply)
                  : outOfTheWay(room, reply)
                      .map(
                          cleared ->
                              cleared.compose(
                                  done -> entered(enter, afterLooking, obstaclesLeft - 1)))
                      .orElseGet(() -> enterReply(reply));
            });
  }

  /** What has to happen in the database before the room can give a place, if anything. */
  private Optional<Future<Void>> outOfTheWay(RoomId room, RoomReply reply) {
    if (reply instanceof RoomReply.NeedsEpoch) {
      return Optional.of(doorkeeper.beginEpoch(room));
    }
    return reply instanceof RoomReply.NeedsPlaces places
        ? Optional.of(doorkeeper.reserve(room, places.epoch(), places.upTo()))
        : Optional.empty();
  }

  private static Future<EnterReply> enterReply(RoomReply reply) {
    if (reply instanceof Standing standing) {
      return Future.succeededFuture(Placements.of(standing));
    }
    if (reply instanceof RoomReply.NoPlace) {
      return Future.succeededFuture(new NoPlace());
    }
    if (reply instanceof RoomReply.TooManyJoins tooMany) {
      return Future.succeededFuture(
          new TooManyJoins(Duration.ofMillis(tooMany.retryAfterMillis())));
    }
    return Future.failedFuture(
        reply instanceof RoomReply.Full
            ? new Fault(Fault.Kind.OVERLOADED, "the waiting room has given all its places")
            : new Fault(Fault.Kind.UNAVAILABLE, "the waiting room is just opening"));
  }

  /** Where slots are free nobody waits for a tick; a rush of newcomers shares one admission. */
  private void letInIfNew(RoomId room, EnterReply reply) {
    if (reply instanceof Placement placed && placed.created()) {
      doorkeeper.admitAtOnce(room);
    }
  }

  Future<Placement> poll(Poll poll) {
    RoomId room = poll.room();
    var command = new RoomCommand.Poll(poll.user(), poll.place(), poll.arrivalMillis());
    var rejoin = new RoomCommand.Rejoin(poll.user(), poll.place(), poll.arrivalMillis());
    return ask(room, command, poll.place(), rejoin)
        .map(reply -> reply instanceof Standing standing ? standing : ended(poll))
        .map(Placements::of);
  }

  /** The row has lasted its time and is about to be ended. */
  private Standing ended(Poll poll) {
    return RoomFacts.ended(poll.user(), poll.place(), poll.arrivalMillis(), clock.millis());
  }

  Future<LeaveReply> leave(Leave leave) {
    RoomId room = leave.room();
    var command = new RoomCommand.Leave(leave.user(), leave.place());
    return ask(room, command, leave.place(), command)
        .map(
            reply ->
                reply instanceof RoomReply.InSession in
                    ? new HasSession(in.session())
                    : new Left());
  }

  Future<Admission> checkAdmission(CheckAdmission check) {
    RoomId room = check.room();
    var command = new RoomCommand.CheckAdmission(check.user(), check.place());
    return ask(room, command, check.place(), command)
        .map(
            reply ->
                reply instanceof RoomReply.Checked checked
                    ? checked.admission()
                    : Admission.none());
  }

  /** The slot is free: the next is let in without waiting for a tick. */
  Future<Noted> sessionEnded(SessionEnded ended) {
    return submit(ended.room(), new RoomCommand.EndSession(ended.user(), ended.session()))
        .onSuccess(done -> doorkeeper.admitAtOnce(ended.room()))
        .map(done -> new Noted());
  }

  Future<Noted> settingsChanged(SettingsChanged changed) {
    return doorkeeper
        .reconcile(changed.room())
        .onSuccess(done -> doorkeeper.admitAtOnce(changed.room()))
        .map(done -> new Noted());
  }

  Future<RoomLooks.LookReply> look(RoomLooks.Look look) {
    return submit(look.room(), new RoomCommand.Look(look.incarnation(), look.since(), look.seen()))
        .map(
            reply ->
                reply instanceof Sight sight ? new RoomLooks.Saw(sight) : new RoomLooks.Missed());
  }

  Future<Noted> acted(RoomLooks.Acted acted) {
    return sessions.acted(acted.session()).map(done -> new Noted());
  }

  /**
   * Asks the room, and once more if it needs the row of a place.
   *
   * @param unlessFound what to ask then if the place has led to no session
   */
  private Future<RoomReply> ask(
      RoomId room, RoomCommand command, Place place, RoomCommand unlessFound) {
    return submit(room, command)
        .compose(
            reply ->
                reply instanceof AskDatabase
                    ? lookUp(room, place)
                        .compose(found -> submit(room, found.isPresent() ? command : unlessFound))
                    : Future.succeededFuture(reply));
  }

  private Future<RoomReply> submit(RoomId room, RoomCommand command) {
    return rooms.submit(room.name(), command);
  }

  /**
   * Reads the row of a place and lets the room know of it.
   *
   * @return empty if the place has led to no session, or one that was given back
   */
  private Future<Optional<SessionTruth>> lookUp(RoomId room, Place place) {
    return sessions
        .at(room, place)
        .compose(
            found ->
                found.isEmpty()
                    ? Future.succeededFuture(found)
                    : submit(room, new RoomCommand.Learn(List.of(found.get()), Optional.empty()))
                        .map(done -> found.filter(truth -> !truth.returned())));
  }
}
