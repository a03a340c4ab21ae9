package io.concert.queue.room;

import java.util.concurrent.ThreadLocalRandom;

/**
 * What one copy of a room in one node's memory knows about itself. It is no part of the room's
 * state: no event carries it, and a node that gets a copy of the copy (a backup, a node to which
 * the room moves, the other side of a healed network split) begins with one of its own. So whatever
 * is bound to {@link #id} belongs to exactly one object, however Hazelcast moves, promotes and
 * merges.
 *
 * <p>A copy that was cut off, paused or overtaken doesn't know it. So what it says of people counts
 * only for a while after a look at the database that began then; later it asks for another one
 * first. The giver of places may answer for longer than the others, because the member that takes
 * that over lets nobody in for {@link #GRACE_MILLIS}: until then the earlier giver has looked or
 * says nothing.
 */
public final class OwnCopy {
  /** Nobody. */
  public static final long NONE = 0;

  /** How long the giver answers after a look. */
  static final long SURE_MILLIS = 1_200;

  /** How long a copy answers after a look while another one may be letting people in. */
  static final long SHARED_MILLIS = 250;

  /** How long the member that takes over lets nobody in: more than {@link #SURE_MILLIS}. */
  public static final long GRACE_MILLIS = 1_300;

  /** A look that took longer than its answer lasts still answers those who waited for it. */
  private static final long AT_LEAST_MILLIS = 100;

  /** So long after one copy took over from another both reckon with the other. */
  private static final long SHARED_FOR_MILLIS = 30_000;

  /** As long as looks are impossible and nothing has happened to the cluster. */
  private static final long ASSUMED_MILLIS = 1_000;

  private final long id = newId();
  private long lookedAt;
  private long learnedAt = Long.MIN_VALUE / 2;
  private long assumedUntil;
  private long sharedUntil = Long.MIN_VALUE;
  private long tookOverAt = Long.MIN_VALUE / 2;

  /** Names this copy; never {@link #NONE}. */
  public long id() {
    return id;
  }

  /**
   * When the last look at the database began by which this copy is up to date; 0: there is none.
   */
  long lookedAt() {
    return lookedAt;
  }

  /** All that was committed before {@code begunMillis} is known now. */
  void looked(long begunMillis, long now) {
    if (begunMillis > lookedAt) {
      lookedAt = begunMillis;
      learnedAt = now;
    }
  }

  /** The database can't be asked, and since that look nobody can have taken over. */
  void assume(long lookedAtMillis, long now) {
    if (lookedAtMillis == lookedAt) {
      assumedUntil = now + ASSUMED_MILLIS;
    }
  }

  /** For a copy that has no others and no database. */
  void assumeForGood() {
    assumedUntil = Long.MAX_VALUE;
  }

  /** Another copy has begun an epoch, or this one has taken over from another. */
  void shares(long now) {
    sharedUntil = now + SHARED_FOR_MILLIS;
  }

  /**
   * This copy takes over from another one.
   *
   * @return whether the others can't know yet that there is another copy than they
   */
  boolean takesOver(long now) {
    boolean first = now - tookOverAt >= SHARED_FOR_MILLIS;
    tookOverAt = now;
    return first;
  }

  /**
   * Whether another copy may have let somebody in since the last look. Then somebody who isn't
   * known to be in is told so only after a look at the row of the place.
   */
  boolean mayBeBehind(boolean isGiver, long now) {
    return now >= assumedUntil && !isAlone(isGiver, now);
  }

  private boolean isAlone(boolean isGiver, long now) {
    return isGiver && now >= sharedUntil;
  }

  /** Until when this copy may answer without another look. */
  long answersUntil(boolean isGiver, long now) {
    long byLook = lookedAt + (isAlone(isGiver, now) ? SURE_MILLIS : SHARED_MILLIS);
    return Math.max(assumedUntil, Math.max(byLook, learnedAt + AT_LEAST_MILLIS));
  }

  private static long newId() {
    long id = ThreadLocalRandom.current().nextLong();
    return id == NONE ? newId() : id;
  }
}
