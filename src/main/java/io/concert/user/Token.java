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
   */
  record Queue(UserId user, RoomId room, Place place, long arrivalMillis) implements Token {}
}
