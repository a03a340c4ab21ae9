package io.concert.user;

import io.concert.domain.Place;
import io.concert.domain.RoomId;
import io.concert.domain.UserId;

/** What a verified token says. The two kinds never stand for each other. */
public sealed interface Token {
  /** Whom the token was made for. */
  UserId user();

  /** Says who one is, for an hour. */
  record Access(UserId user) implements Token {}

  /**
   * Says who one is and where one stands in one waiting room, for a day. It holds all that the room
   * needs to give the place back after it has lost everything.
   *
   * @param arrivalMillis when the place was given, database time
   * @param missedTurns how many the user has missed before this place was given
   */
  record Queue(UserId user, RoomId room, Place place, long arrivalMillis, int missedTurns)
      implements Token {
    public Queue(UserId user, RoomId room, Place place, long arrivalMillis) {
      this(user, room, place, arrivalMillis, 0);
    }

    /**
     * The place that was given to the user since.
     *
     * @return the same if it is this one
     */
    public Queue movedTo(Place now, long nowArrivalMillis) {
      return place.equals(now)
          ? this
          : new Queue(user, room, now, nowArrivalMillis, missedTurns + 1);
    }
  }
}
