package io.concert.queue.room;

import io.concert.domain.Place;
import io.concert.domain.UserId;
import io.concert.queue.api.PlaceState;
import io.concert.queue.api.PlannedDraw;
import io.concert.queue.api.QueueMessages.WaitEstimate;
import io.concert.queue.api.RoomSettings;
import io.concert.queue.pace.PollInterval;
import io.concert.queue.pace.ThroughputWindow;
import io.concert.queue.pace.WaitEstimator;
import io.concert.queue.room.RoomReply.Standing;
import java.util.Optional;

/**
 * What a room knows of itself apart from who waits and who is in. The room and the nodes' views of
 * it make their answers here, so that they are the same.
 *
 * @param admitsFromMillis nobody is let in before: people come back after a loss
 */
public record RoomConfig(
    RoomSettings settings, Optional<PlannedDraw> ahead, long admitsFromMillis) {
  /** Whose place is worth nothing needn't ask more often than in a room with this presence time. */
  private static final long ENDED_PACE_OF_MILLIS = 30_000;

  long presenceMillis() {
    return settings.presence().toMillis();
  }

  boolean admitsAt(long nowMillis) {
    return !settings.paused() && ahead.isEmpty() && nowMillis >= admitsFromMillis;
  }

  /**
   * The answer to somebody who waits.
   *
   * @param before how many present people stand before the place
   * @param gathered before an opening, how many wait and are present, the asker included
   * @param free slots that nobody has
   */
  public Standing waiting(
      boolean created,
      UserId user,
      Place place,
      long arrivalMillis,
      long before,
      long gathered,
      int free,
      ThroughputWindow.Sums flow,
      long nowMillis) {
    PlaceState state =
        ahead.isPresent()
            ? PlaceState.NOT_OPEN
            : settings.paused() ? PlaceState.PAUSED : PlaceState.WAITING;
    long number = ahead.isPresent() ? gathered : before + 1;
    Optional<WaitEstimate> wait =
        state == PlaceState.WAITING
            ? WaitEstimator.estimate(number, free, flow, settings, admitsFromMillis - nowMillis)
            : Optional.empty();
    return new Standing(
        created,
        place,
        arrivalMillis,
        state,
        number,
        0,
        ahead.map(PlannedDraw::opensAtMillis).orElse(0L),
        wait,
        PollInterval.afterMillis(state, number, presenceMillis(), user.number(), nowMillis));
  }

  /** The answer to somebody who was let in. */
  public Standing inside(SessionRow session, long nowMillis) {
    long expires =
        nowMillis < session.endsAtMillis() ? session.endsAtMillis() : session.lastsUntilMillis();
    return new Standing(
        false,
        session.place(),
        session.arrivalMillis(),
        PlaceState.ACTIVE,
        0,
        expires,
        0,
        Optional.empty(),
        PollInterval.afterMillis(
            PlaceState.ACTIVE, 0, presenceMillis(), session.user().number(), nowMillis));
  }

  /** The answer for a place that opens nothing any more, in whatever room. */
  public static Standing ended(UserId user, Place place, long arrivalMillis, long nowMillis) {
    return new Standing(
        false,
        place,
        arrivalMillis,
        PlaceState.ENDED,
        0,
        0,
        0,
        Optional.empty(),
        PollInterval.afterMillis(
            PlaceState.ENDED, 0, ENDED_PACE_OF_MILLIS, user.number(), nowMillis));
  }
}
