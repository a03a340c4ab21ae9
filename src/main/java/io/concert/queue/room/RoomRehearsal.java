package io.concert.queue.room;

import io.concert.domain.Place;
import io.concert.domain.UserId;
import io.concert.domain.Won;
import io.concert.grid.api.Rehearsal;
import io.concert.queue.api.RoomSettings;
import io.concert.queue.line.Line;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A made-up room of some ten thousands, which people join, ask for their places and leave. */
final class RoomRehearsal implements Rehearsal<WaitingRoom, RoomCommand> {
  private static final int PEOPLE = 40_000;
  private static final int EPOCH = 1;

  @Override
  public WaitingRoom aggregate() {
    RoomSettings settings =
        new RoomSettings(
            100,
            Duration.ofMinutes(10),
            Duration.ZERO,
            0,
            0,
            Duration.ofSeconds(30),
            Duration.ZERO,
            Optional.empty(),
            false,
            new Won(0));
    WaitingRoom room =
        WaitingRoom.alone(
            EPOCH,
            new RoomCommand.RoomSnapshot(
                1, 1, 1, settings, EPOCH, EPOCH, Line.LIMIT, Optional.empty(), List.of()));
    for (int i = 0; i < PEOPLE; i++) {
      room.apply(new RoomEvent.Entered(0, new UserId(i + 1L), i));
    }
    return room;
  }

  @Override
  public RoomCommand command(int nth) {
    UserId user = new UserId(nth % PEOPLE + 1L);
    Place place = new Place(EPOCH, nth % PEOPLE);
    return switch (nth % 8) {
      case 0 -> new RoomCommand.Enter(new UserId(PEOPLE + nth + 1L), true, false);
      case 1 -> new RoomCommand.Leave(user, place);
      case 2 -> new RoomCommand.NextInLine(10);
      case 3 -> new RoomCommand.CheckAdmission(user, place);
      default -> new RoomCommand.Poll(user, place, 0);
    };
  }
}
