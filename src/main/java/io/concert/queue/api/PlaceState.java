package io.concert.queue.api;

/** Where somebody is on the way through a waiting room. */
public enum PlaceState {
  WAITING,
  /** Gathered before the room's opening. */
  NOT_OPEN,
  /** Waiting while the operator lets nobody in. */
  PAUSED,
  /** Let in: the reservation endpoints are open. */
  ACTIVE,
  /** The session is over, or the place is not known any more. */
  ENDED
}
