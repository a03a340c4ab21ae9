package io.concert.queue.room;

import io.concert.grid.api.AggregateType;
import java.util.Optional;

/** The waiting rooms as the grid keeps them: one aggregate a room, its key the room's name. */
public final class WaitingRooms {
  public static final AggregateType<WaitingRoom, RoomCommand, RoomEvent, RoomReply> ROOMS =
      new AggregateType<>(
          1,
          "rooms",
          new WaitingRoomCodec(),
          new RoomCommandCodec(),
          new RoomEventCodec(),
          new RoomReplyCodec(),
          Optional.of(new RoomRehearsal()));

  /** What the grid needs to know to carry rooms. */
  public static final AggregateType<?, ?, ?, ?> TYPE = ROOMS;

  private WaitingRooms() {}
}
