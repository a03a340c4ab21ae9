package io.concert.queue.api;

import io.concert.domain.Won;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Some settings of a waiting room and what they become, each within the bounds of {@link
 * RoomSettings}. What is empty stays as it is.
 */
public record RoomChange(
    Optional<Integer> capacity,
    Optional<Duration> session,
    Optional<Duration> firstAction,
    Optional<Integer> admitPerSecond,
    Optional<Integer> joinsPerSecond,
    Optional<Duration> presence,
    Optional<Duration> reentry,
    Optional<Opening> opening,
    Optional<Boolean> paused,
    Optional<Won> minimumBalance) {
  /**
   * @param at empty: now
   */
  public record Opening(Optional<Instant> at) {}

  /**
   * Empty if somebody could do nothing for longer than a session lasts: anyone who shortens
   * sessions says what becomes of the time for the first action.
   *
   * @param now as they are
   */
  public Optional<RoomSettings> applyTo(RoomSettings now) {
    Duration newSession = session.orElse(now.session());
    Duration newFirstAction = firstAction.orElse(now.firstAction());
    if (newFirstAction.compareTo(newSession) > 0) {
      return Optional.empty();
    }
    return Optional.of(
        new RoomSettings(
            capacity.orElse(now.capacity()),
            newSession,
            newFirstAction,
            admitPerSecond.orElse(now.admitPerSecond()),
            joinsPerSecond.orElse(now.joinsPerSecond()),
            presence.orElse(now.presence()),
            reentry.orElse(now.reentry()),
            opening.map(Opening::at).orElse(now.opensAt()),
            paused.orElse(now.paused()),
            minimumBalance.orElse(now.minimumBalance())));
  }
}
