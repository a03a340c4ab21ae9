package io.concert.queue;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.concert.domain.Decision;
import io.concert.domain.Place;
import io.concert.domain.SessionId;
import io.concert.domain.UserId;
import io.concert.queue.api.RoomSettings;
import io.concert.queue.room.Room;
import io.concert.queue.room.RoomCommand;
import io.concert.queue.room.RoomConfig;
import io.concert.queue.room.RoomEvent;
import io.concert.queue.room.RoomReply;
import io.concert.queue.room.RoomReply.Standing;
import io.concert.queue.room.SessionRow;
import io.concert.queue.room.WaitingRoom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A real {@link WaitingRoom}, and a stand-in for the database that admits whomever the room names:
 * a room that names too many is to be caught, not corrected. Person n is user n + 1 at place n.
 */
final class SimulatedRoom {
  /** Any will do; the room mustn't depend on times being small. */
  private static final long BEGINNING_MILLIS = 1_800_000_000_000L;

  private static final int EPOCH = 1;

  private final SaleSetup setup;
  private final WaitingRoom room;
  private final Map<Integer, SessionRow> sessions = new HashMap<>();
  private long lastSession;

  SimulatedRoom(SaleSetup setup) {
    this.setup = setup;
    room = WaitingRoom.alone(EPOCH, Room.reading(EPOCH, 1, settings(setup, true)));
  }

  private static RoomSettings settings(SaleSetup setup, boolean paused) {
    RoomSettings open = Room.settings(setup.capacity());
    return new RoomSettings(
        open.capacity(),
        open.session(),
        open.firstAction(),
        open.admitPerSecond(),
        open.joinsPerSecond(),
        open.presence(),
        open.reentry(),
        open.opensAt(),
        paused,
        open.minimumBalance());
  }

  /** From now on people are let in. */
  void open(int now) {
    var reading = Room.reading(EPOCH, 2, settings(setup, false));
    tell(new RoomCommand.Learn(List.of(), Optional.of(reading)), now);
  }

  /** The person says that it waits no more. */
  void leave(int person, int now) {
    tell(new RoomCommand.Leave(new UserId(person + 1L), new Place(EPOCH, person)), now);
  }

  /** The person enters and gets the next place. */
  Standing enter(int person, int now) {
    RoomReply reply = tell(new RoomCommand.Enter(new UserId(person + 1L), true, false), now);
    if (reply instanceof Standing standing
        && standing.created()
        && standing.place().equals(new Place(EPOCH, person))) {
      return standing;
    }
    throw new AssertionError("person " + person + " got " + reply);
  }

  /** The person asks. A session past its end would be looked up and found ended. */
  Standing poll(int person, int now) {
    UserId user = new UserId(person + 1L);
    Place place = new Place(EPOCH, person);
    RoomReply reply = tell(new RoomCommand.Poll(user, place, 0), now);
    return reply instanceof Standing standing
        ? standing
        : RoomConfig.ended(user, place, 0, BEGINNING_MILLIS + now);
  }

  /** Who is next, in the room's words. */
  List<Integer> next(int limit, int now) {
    var lineUp = (RoomReply.LineUp) tell(new RoomCommand.NextInLine(limit), now);
    return lineUp.people().stream().map(one -> (int) one.place().sequence()).toList();
  }

  /** Lets people in until a time. */
  void admit(List<Integer> people, int until, int now) {
    List<SessionRow> admitted = new ArrayList<>();
    for (int person : people) {
      SessionRow session =
          new SessionRow(
              new SessionId(++lastSession),
              new UserId(person + 1L),
              new Place(EPOCH, person),
              BEGINNING_MILLIS + now,
              BEGINNING_MILLIS + until,
              BEGINNING_MILLIS + until,
              false,
              false);
      sessions.put(person, session);
      admitted.add(session);
    }
    learn(admitted, now);
  }

  /** A hold makes a session last longer. */
  void prolong(int person, int until, int now) {
    SessionRow before = session(person);
    SessionRow longer =
        new SessionRow(
            before.id(),
            before.user(),
            before.place(),
            before.arrivalMillis(),
            before.endsAtMillis(),
            Math.max(before.lastsUntilMillis(), BEGINNING_MILLIS + until),
            false,
            false);
    sessions.put(person, longer);
    learn(List.of(longer), now);
  }

  /** When a live session is over. */
  int endOf(int person) {
    return (int) (session(person).lastsUntilMillis() - BEGINNING_MILLIS);
  }

  boolean isInside(int person) {
    return sessions.containsKey(person);
  }

  void end(int person, int now) {
    learn(List.of(session(person).asEnded()), now);
    sessions.remove(person);
  }

  private SessionRow session(int person) {
    SessionRow session = sessions.get(person);
    if (session == null) {
      throw new AssertionError("person " + person + " isn't inside");
    }
    return session;
  }

  private void learn(List<SessionRow> sessionRows, int now) {
    tell(new RoomCommand.Learn(sessionRows, Optional.empty()), now);
  }

  @CanIgnoreReturnValue
  private RoomReply tell(RoomCommand command, int now) {
    Decision<RoomEvent, RoomReply> decision = room.decide(command, BEGINNING_MILLIS + now);
    RoomEvent event = decision.event();
    if (event != null) {
      room.apply(event);
    }
    return decision.reply();
  }
}
