package io.concert.queue;

import io.concert.bus.Address;
import io.concert.domain.RoomId;
import io.concert.domain.SessionId;
import io.concert.queue.QueueMessages.Noted;
import io.concert.queue.RoomCommand.SeenPlace;
import java.time.Duration;
import java.util.List;

/** What {@link RoomViews} ask on behalf of everybody who asks them. */
final class RoomLooks {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  /** What has changed, and who has asked meanwhile. */
  static final Address<Look, LookReply> LOOK =
      new Address<>("queue.look.v1", Look.class, LookReply.class, TIMEOUT);

  /** Somebody who was let in has done something. */
  static final Address<Acted, Noted> ACTED =
      new Address<>("queue.acted.v1", Acted.class, Noted.class, TIMEOUT);

  private RoomLooks() {}

  /**
   * @param incarnation of the room that is known, 0 for none
   * @param since the change up to which it is known
   */
  record Look(RoomId room, int incarnation, long since, List<SeenPlace> seen) {
    Look {
      seen = List.copyOf(seen);
    }
  }

  /** The answer to a {@link Look}. */
  sealed interface LookReply {}

  record Saw(Sight sight) implements LookReply {}

  /** The look has happened, only its report got lost: look again. */
  record Missed() implements LookReply {}

  record Acted(RoomId room, SessionId session) {}
}
