package io.concert.queue;

import io.concert.domain.Fault;
import io.concert.domain.Place;
import io.concert.domain.RoomId;
import io.concert.grid.api.ReplicatedAggregate;
import io.concert.queue.api.PlaceState;
import io.concert.queue.api.QueueMessages.Admission;
import io.concert.queue.api.QueueMessages.CheckAdmission;
import io.concert.queue.api.QueueMessages.Enter;
import io.concert.queue.api.QueueMessages.EnterReply;
import io.concert.queue.api.QueueMessages.HasSession;
import io.concert.queue.api.QueueMessages.Leave;
import io.concert.queue.api.QueueMessages.LeaveReply;
import io.concert.queue.api.QueueMessages.Left;
import io.concert.queue.api.QueueMessages.NoPlace;
import io.concert.queue.api.QueueMessages.Noted;
import io.concert.queue.api.QueueMessages.Placement;
import io.concert.queue.api.QueueMessages.Poll;
import io.concert.queue.api.QueueMessages.SessionEnded;
import io.concert.queue.api.QueueMessages.SettingsChanged;
import io.concert.queue.api.QueueMessages.TooManyJoins;
import io.concert.queue.room.Placements;
import io.concert.queue.room.RoomCommand;
import io.concert.queue.room.RoomConfig;
import io.concert.queue.room.RoomDelta;
import io.concert.queue.room.RoomEvent;
import io.concert.queue.room.RoomReply;
import io.concert.queue.room.RoomReply.AskDatabase;
import io.concert.queue.room.RoomReply.Standing;
import io.concert.queue.room.SessionRow;
import io.concert.queue.room.WaitingRoom;
import io.concert.queue.store.RoomSessions;
import io.concert.queue.view.RoomSync;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Answers for waiting rooms. The room answers nearly always by itself; where it can't know (a place
 * from before a loss, a session past the end that the room knows of) the row at that place is read,
 * told to the room, and the room is asked again.
 */
final class QueueService {
  /** An opening and a reservation may both be in the way, and both may have to be repeated. */
  private static final int MOST_OBSTACLES = 4;

  /** One that was under way may have begun too early. */
  private static final int MOST_LOOKS = 3;

  /**
   * Anyone who could be in by then waits for it with the answer; anyone who couldn't, for the next
   * poll.
   */
  private static final long ADMISSION_MILLIS = 100;

  /**
   * So far in front a free slot may be one's own; further back the line is what there is to tell.
   */
  private static final long MAY_BE_NEXT = 1_000;

  private final ReplicatedAggregate<WaitingRoom, RoomCommand, RoomEvent, RoomReply> rooms;
  private final RoomSessions sessions;
  private final Doorkeeper doorkeeper;
  private final InstantSource clock;
  private final Steadiness steadiness;
  private final DoorMetrics metrics;

  QueueService(
      ReplicatedAggregate<WaitingRoom, RoomCommand, RoomEvent, RoomReply> rooms,
      RoomSessions sessions,
      Doorkeeper doorkeeper,
      InstantSource clock,
      Steadiness steadiness,
      DoorMetrics metrics) {
    this.rooms = rooms;
    this.sessions = sessions;
    this.doorkeeper = doorkeeper;
    this.clock = clock;
    this.steadiness = steadiness;
    this.metrics = metrics;
  }

  Future<EnterReply> enter(Enter enter) {
    return entered(enter, false, MOST_OBSTACLES)
        .compose(
            reply ->
                reply instanceof Placement placed && placed.created()
                    ? letIn(enter, placed)
                    : Future.succeededFuture(reply));
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
    return reply instanceof RoomReply.NeedsPlaces
        ? Optional.of(doorkeeper.reserve(room))
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

  /**
   * Where slots are free nobody waits for a tick, nor for the next poll to hear of it; a rush of
   * newcomers shares one admission. That it takes long or fails is no reason to fail the join.
   */
  private Future<EnterReply> letIn(Enter enter, Placement placed) {
    metrics.joined(enter.room());
    Future<Void> admission = doorkeeper.admitAtOnceAndWait(enter.room());
    if (placed.state() != PlaceState.WAITING || placed.number() > MAY_BE_NEXT) {
      return Future.succeededFuture(placed);
    }
    return admission
        .compose(
            done ->
                poll(new Poll(enter.room(), enter.user(), placed.place(), placed.arrivalMillis())))
        .timeout(ADMISSION_MILLIS, TimeUnit.MILLISECONDS)
        .<EnterReply>map(found -> found.as(true))
        .otherwise(placed);
  }

  /**
   * Anyone who has missed a turn stands at the back, and anyone who got two places keeps one: the
   * answer then names another place.
   */
  Future<Placement> poll(Poll poll) {
    RoomId room = poll.room();
    var command = new RoomCommand.Poll(poll.user(), poll.place(), poll.arrivalMillis());
    var rejoin = new RoomCommand.Rejoin(poll.user(), poll.place(), poll.arrivalMillis());
    return submit(room, command)
        .compose(
            reply ->
                reply instanceof AskDatabase
                    ? lookUp(room, poll.place())
                        .compose(
                            found ->
                                found.map(SessionRow::returned).orElse(false)
                                    ? Future.succeededFuture(new RoomReply.MissedTurn())
                                    : submit(room, found.isPresent() ? command : rejoin))
                    : Future.succeededFuture(reply))
        .compose(reply -> placement(poll, reply));
  }

  private Future<Placement> placement(Poll poll, RoomReply reply) {
    if (reply instanceof RoomReply.MissedTurn) {
      return entered(new Enter(poll.room(), poll.user(), true), false, MOST_OBSTACLES)
          .compose(QueueService::again);
    }
    if (reply instanceof RoomReply.KeepsAnother) {
      return entered(new Enter(poll.room(), poll.user(), false), false, MOST_OBSTACLES)
          .compose(
              found ->
                  found instanceof NoPlace
                      ? Future.succeededFuture(Placements.of(ended(poll)))
                      : again(found));
    }
    return Future.succeededFuture(
        Placements.of(reply instanceof Standing standing ? standing : ended(poll)));
  }

  private static Future<Placement> again(EnterReply reply) {
    return reply instanceof Placement placed
        ? Future.succeededFuture(placed.as(false))
        : Future.failedFuture(
            new Fault(Fault.Kind.OVERLOADED, "the waiting room gives no places at the moment"));
  }

  /** The row has lasted its time and is about to be ended. */
  private Standing ended(Poll poll) {
    return RoomConfig.ended(poll.user(), poll.place(), poll.arrivalMillis(), clock.millis());
  }

  Future<LeaveReply> leave(Leave leave) {
    RoomId room = leave.room();
    var command = new RoomCommand.Leave(leave.user(), leave.place());
    return ask(room, command, leave.place(), command)
        .onSuccess(reply -> doorkeeper.left(room, reply instanceof RoomReply.InSession))
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

  Future<RoomSync.LookReply> look(RoomSync.Look look) {
    return submit(look.room(), new RoomCommand.Look(look.incarnation(), look.since(), look.seen()))
        .map(
            reply ->
                reply instanceof RoomDelta delta ? new RoomSync.Saw(delta) : new RoomSync.Missed());
  }

  Future<Noted> acted(RoomSync.Acted acted) {
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
                        .map(found -> found.filter(sessionRow -> !sessionRow.returned()))
                        .compose(found -> submit(room, found.isPresent() ? command : unlessFound))
                    : Future.succeededFuture(reply));
  }

  private Future<RoomReply> submit(RoomId room, RoomCommand command) {
    return submit(room, command, MOST_LOOKS);
  }

  private Future<RoomReply> submit(RoomId room, RoomCommand command, int looksLeft) {
    return rooms
        .submit(room.name(), command)
        .compose(
            reply -> {
              if (!(reply instanceof RoomReply.NeedsLook needs)) {
                return Future.succeededFuture(reply);
              }
              return looksLeft == 0
                  ? Future.failedFuture(unsure(room))
                  : look(room, needs).compose(done -> submit(room, command, looksLeft - 1));
            });
  }

  /** Without a database a room goes on as long as nobody else can have taken it over. */
  private Future<Void> look(RoomId room, RoomReply.NeedsLook needs) {
    return doorkeeper
        .lookFor(room)
        .recover(
            failure -> {
              long age = clock.millis() - needs.lookedAtMillis();
              return steadiness.lasted().toMillis() > age
                  ? rooms
                      .submit(room.name(), new RoomCommand.Trust(needs.lookedAtMillis()))
                      .mapEmpty()
                  : Future.failedFuture(unsure(room));
            });
  }

  private static Fault unsure(RoomId room) {
    return new Fault(Fault.Kind.UNAVAILABLE, "nobody can say at the moment who is in room " + room);
  }

  /**
   * Reads the row of a place and lets the room know of it.
   *
   * @return empty if the place has led to no session
   */
  private Future<Optional<SessionRow>> lookUp(RoomId room, Place place) {
    return sessions
        .at(room, place)
        .compose(
            found ->
                found.isEmpty()
                    ? Future.succeededFuture(found)
                    : submit(room, new RoomCommand.Learn(List.of(found.get()), Optional.empty()))
                        .map(done -> found));
  }
}
