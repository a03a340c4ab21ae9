package io.concert.queue.store;

import io.concert.queue.api.RoomSettings;
import io.concert.settings.Environment;
import java.time.Duration;

/**
 * What the environment says of the default waiting room. What was given overwrites the room's row
 * at every start; what was not only fills a missing row, so that an operator's change lasts.
 *
 * @param capacity people active at once
 * @param capacityGiven whether the environment names the capacity
 * @param session how long an admission lasts, in whole seconds
 * @param sessionGiven whether the environment names the session's length
 * @param reentry how long after a total loss of the room nobody is let in, in whole seconds
 * @param reentryGiven whether the environment names that time
 */
public record QueueSettings(
    int capacity,
    boolean capacityGiven,
    Duration session,
    boolean sessionGiven,
    Duration reentry,
    boolean reentryGiven) {
  public QueueSettings {
    if (capacity < 1 || capacity > RoomSettings.MOST_CAPACITY) {
      throw new IllegalArgumentException("a waiting room must let at least 1 person in");
    }
    if (session.toSeconds() < 1 || session.compareTo(RoomSettings.LONGEST_SESSION) > 0) {
      throw new IllegalArgumentException("a session must last at least 1 second");
    }
    if (reentry.isNegative() || reentry.compareTo(RoomSettings.LONGEST_REENTRY) > 0) {
      throw new IllegalArgumentException("the time to come back is out of range");
    }
  }

  /** From the environment. */
  public static QueueSettings read(Environment env) {
    return new QueueSettings(
        env.number(
            "QUEUE_CAPACITY",
            100,
            1,
            1_000_000,
            "People whom the default waiting room lets in at a time. Kept in the database: unset"
                + " leaves what is there."),
        env.isSet("QUEUE_CAPACITY"),
        env.seconds(
            "QUEUE_SESSION_SECONDS",
            600,
            1,
            Environment.DAY,
            "How long somebody who was let in may stay. Kept in the database, too."),
        env.isSet("QUEUE_SESSION_SECONDS"),
        env.seconds(
            "QUEUE_REENTRY_SECONDS",
            10,
            0,
            600,
            "How long nobody is let in after every node was lost, so that people come back in"
                + " order; 0: not at all. Kept in the database, too."),
        env.isSet("QUEUE_REENTRY_SECONDS"));
  }
}
