package io.concert.queue.room;

import io.concert.domain.Place;
import io.concert.domain.SessionId;
import io.concert.domain.UserId;
import io.concert.queue.api.DrawResult;
import io.concert.queue.api.PlannedDraw;
import io.concert.queue.api.RoomSettings;
import java.util.List;
import java.util.Optional;

/** What a {@link WaitingRoom} is asked. */
public sealed interface RoomCommand {
  /**
   * Find the user's live place or give a new one at the back.
   *
   * @param mayCreate whether a new one may be given
   * @param afterLooking the database was asked about an overdue session: don't ask again
   */
  record Enter(UserId user, boolean mayCreate, boolean afterLooking) implements RoomCommand {}

  /** Where does this place stand? Asking makes its owner present. */
  record Poll(UserId user, Place place, long arrivalMillis) implements RoomCommand {}

  /** Put a place that the room has lost, and that never opened the door, back where it stood. */
  record Rejoin(UserId user, Place place, long arrivalMillis) implements RoomCommand {}

  /** Stop waiting, for good. */
  record Leave(UserId user, Place place) implements RoomCommand {}

  record CheckAdmission(UserId user, Place place) implements RoomCommand {}

  /**
   * Who is next for the free slots?
   *
   * @param limit how many at most
   */
  record NextInLine(int limit) implements RoomCommand {}

  /**
   * What the database says of sessions.
   *
   * @param reading present if {@code sessionRows} is all that has changed since the last reading
   * @param lookedAtMillis when that look began, by the database's time; 0 if nobody knows
   */
  record Learn(List<SessionRow> sessionRows, Optional<RoomSnapshot> reading, long lookedAtMillis)
      implements RoomCommand {
    public Learn {
      sessionRows = List.copyOf(sessionRows);
    }

    public Learn(List<SessionRow> sessionRows, Optional<RoomSnapshot> reading) {
      this(sessionRows, reading, 0);
    }
  }

  /**
   * The database can't be asked, but since this copy's last look nothing has happened by which
   * another one could have taken over: what it knows still holds.
   *
   * @param lookedAtMillis when that look began
   */
  record Trust(long lookedAtMillis) implements RoomCommand {}

  /**
   * The database has given this copy of the room an epoch of its own.
   *
   * @param reading of that epoch and of the moment in which it began, without sessions: the room
   *     gives no place in an epoch before it knows of the openings that cover it
   * @param giver the copy for which it was begun: no other gives its places
   * @param lost whether other copies may have given places of which this one hasn't heard
   */
  record BeginEpoch(RoomSnapshot reading, long giver, boolean lost) implements RoomCommand {}

  /**
   * What has changed since a node last looked?
   *
   * @param incarnation the copy of the room that the node knows, by its {@link OwnCopy}; 0: none
   * @param since the change up to which the node knows it; 0: nothing
   * @param seen who has asked the node meanwhile
   */
  record Look(long incarnation, long since, List<SeenPlace> seen) implements RoomCommand {
    public Look {
      seen = List.copyOf(seen);
    }
  }

  /**
   * Somebody asked for this place.
   *
   * @param check the lower half of the user's number: anyone else who has this place by mistake is
   *     found out
   */
  record SeenPlace(Place place, int check) {}

  /** A session's row has ended; said by no matter who ended it. */
  record EndSession(UserId user, SessionId session) implements RoomCommand {}

  /**
   * A look at the room's rows.
   *
   * @param sinceXid sessions that changed from here on were read: worth nothing as a bound to a
   *     copy that knows less
   * @param asOfXid transactions below are all seen; the next look asks for changes from here on; 0
   *     if no sessions were read
   * @param version rises with every change to what follows
   * @param epoch whose reserved places were read
   * @param newestEpoch that any copy of the room has begun
   * @param reserved places of that epoch that may be given; a draw covers them
   * @param ahead the opening to come, if there is one
   * @param draws those that were made, by number
   */
  record RoomSnapshot(
      long sinceXid,
      long asOfXid,
      long version,
      RoomSettings settings,
      int epoch,
      int newestEpoch,
      int reserved,
      Optional<PlannedDraw> ahead,
      List<DrawResult> draws) {
    public RoomSnapshot {
      draws = List.copyOf(draws);
    }

    /** Whether people may be let in: neither paused nor before its opening. */
    public boolean isOpen() {
      return !settings.paused() && ahead.isEmpty();
    }

    /** The same without sessions. */
    RoomSnapshot withoutSessions() {
      return new RoomSnapshot(0, 0, version, settings, epoch, newestEpoch, reserved, ahead, draws);
    }
  }
}
