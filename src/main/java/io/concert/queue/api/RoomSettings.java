package io.concert.queue.api;

import io.concert.domain.Won;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What an operator sets about a waiting room; all of it may change while the room is used.
 *
 * @param capacity people active at once; shrinking it ejects nobody
 * @param session how long an admission lasts, in whole seconds
 * @param firstAction who was let in and does nothing for so long gives the slot on and stands at
 *     the back again; zero: off; in whole seconds
 * @param admitPerSecond admissions a second at most; 0: no limit
 * @param joinsPerSecond new places a second at most; 0: no limit
 * @param presence who hasn't asked for so long is absent; sets the pace of polling, too; in whole
 *     seconds
 * @param reentry how long after a total loss of the room nobody is let in, so that the people who
 *     waited can come back in order; in whole seconds
 * @param opensAt until then people gather, and their order is drawn at that moment
 * @param paused nobody is let in
 * @param minimumBalance what an account must have to enter; 0: anything
 */
public record RoomSettings(
    int capacity,
    Duration session,
    Duration firstAction,
    int admitPerSecond,
    int joinsPerSecond,
    Duration presence,
    Duration reentry,
    Optional<Instant> opensAt,
    boolean paused,
    Won minimumBalance) {
  public static final int MOST_CAPACITY = 1_000_000;
  public static final int MOST_PER_SECOND = 1_000_000;
  public static final Duration LONGEST_SESSION = Duration.ofDays(1);
  public static final Duration LEAST_PRESENCE = Duration.ofSeconds(5);
  public static final Duration LONGEST_PRESENCE = Duration.ofMinutes(10);
  public static final Duration LONGEST_REENTRY = Duration.ofMinutes(10);

  public RoomSettings {
    require(capacity >= 1 && capacity <= MOST_CAPACITY, "capacity");
    require(within(session, Duration.ofSeconds(1), LONGEST_SESSION), "session");
    require(within(firstAction, Duration.ZERO, session), "first action");
    require(admitPerSecond >= 0 && admitPerSecond <= MOST_PER_SECOND, "admissions a second");
    require(joinsPerSecond >= 0 && joinsPerSecond <= MOST_PER_SECOND, "joins a second");
    require(within(presence, LEAST_PRESENCE, LONGEST_PRESENCE), "presence");
    require(within(reentry, Duration.ZERO, LONGEST_REENTRY), "re-entry");
    require(minimumBalance.amount() >= 0, "minimum balance");
  }

  /**
   * How long an idle session may last where nobody says: a tenth of a session, a minute at most. In
   * a room with sessions so short that this would be under ten seconds it isn't worth the haste.
   */
  public static Duration usualFirstAction(Duration session) {
    long seconds = Math.min(60, session.toSeconds() / 10);
    return Duration.ofSeconds(seconds < 10 ? 0 : seconds);
  }

  private static boolean within(Duration value, Duration least, Duration most) {
    return value.compareTo(least) >= 0 && value.compareTo(most) <= 0 && value.toNanosPart() == 0;
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException("a waiting room's " + what + " is out of range");
    }
  }
}
