package io.concert.queue.view;

import io.concert.bus.Address;
import io.concert.domain.RoomId;
import io.concert.domain.SessionId;
import io.concert.queue.api.QueueMessages.Noted;
import io.concert.queue.room.RoomCommand.SeenPlace;
import io.concert.queue.room.RoomDelta;
import java.time.Duration;
import java.util.List;

/** What {@link RoomViews} ask on behalf of everybody who asks them. */
public final class RoomSync {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  /** What has changed, and who has asked meanwhile. */
  public static final Address<Look, LookReply> LOOK =
      new Address<>("queue.look.v1", Look.class, LookReply.class, TIMEOUT);

  /** Somebody who was let in has done something. */
  public static final Address<Acted, Noted> ACTED =
      new Address<>("queue.acted.v1", Acted.class, Noted.class, TIMEOUT);

  private RoomSync() {}

  /**
   * @param incarnation the copy of the room that is known, 0 for none
   * @param since the change up to which it is known
   */
  public record Look(RoomId room, long incarnation, long since, List<SeenPlace> seen) {
    public Look {
      seen = List.copyOf(seen);
    }
  }

  /** The answer to a {@link Look}. */
  public sealed interface LookReply {}

  public record Saw(RoomDelta delta) implements LookReply {}

  /** The look has happened, only its report got lost: look again. */
  public record Missed() implements LookReply {}

  public record Acted(RoomId room, SessionId session) {}
}
