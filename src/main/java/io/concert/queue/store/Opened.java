package io.concert.queue.store;

import io.concert.queue.room.RoomCommand;
import io.concert.queue.room.SessionRow;
import java.util.List;

/**
 * What is left of a room that nobody has in memory any more.
 *
 * @param epoch its own: no other copy of the room has it or will have it
 * @param reading of that epoch, complete
 * @param live the sessions that haven't ended, at the same moment
 * @param peopleWaited whether anybody waited, as was last said of an earlier epoch
 * @param nowMillis database time
 */
public record Opened(
    int epoch,
    RoomCommand.RoomSnapshot reading,
    List<SessionRow> live,
    boolean peopleWaited,
    long nowMillis) {
  public Opened {
    live = List.copyOf(live);
  }
}
