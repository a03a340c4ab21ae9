package io.concert.queue;

import io.concert.queue.room.Room;
import io.concert.queue.room.RoomDecisions;
import java.util.BitSet;
import java.util.List;

/**
 * Watches a sale for what must never happen. It knows only what people did and who was let in, and
 * shares nothing with the room. Person n has the place n.
 *
 * <p>The room writes down that somebody was seen at most every {@link
 * RoomDecisions#SEEN_GRAIN_MILLIS}, so who was seen last about a presence time ago may count as
 * present or not; for anybody else the referee knows.
 */
final class Referee {
  /** As {@link Room#settings} says. */
  private static final int PRESENCE_MILLIS = 30_000;

  private final int capacity;
  private final int[] lastSeen;
  private final BitSet waiting = new BitSet();
  private final BitSet gone = new BitSet();
  private final BitSet letIn = new BitSet();
  private final BitSet inside = new BitSet();
  private int active;
  private int mostActive;

  Referee(SaleSetup setup) {
    this.capacity = setup.capacity();
    this.lastSeen = new int[setup.people()];
  }

  void seen(int person, int now) {
    if (!letIn.get(person)) {
      waiting.set(person);
    }
    lastSeen[person] = now;
  }

  /** Has given the place up: isn't counted from now on. */
  void left(int person) {
    waiting.clear(person);
  }

  /** Won't be seen any more. */
  void gone(int person) {
    gone.set(person);
  }

  /**
   * The room names these as next.
   *
   * @param limit how many it was asked for
   */
  void named(List<Integer> people, int limit, int now) {
    int from = 0;
    for (int person : people) {
      require(person >= from, "person %d is named after somebody behind", person);
      nobodyPresent(from, person, now);
      require(waiting.get(person), "person %d is named and doesn't wait", person);
      require(maybePresent(person, now), "person %d is named and absent", person);
      from = person + 1;
    }
    if (people.size() < Math.min(limit, capacity - active)) {
      nobodyPresent(from, lastSeen.length, now);
    }
  }

  private void nobodyPresent(int from, int end, int now) {
    for (int i = waiting.nextSetBit(from); i >= 0 && i < end; i = waiting.nextSetBit(i + 1)) {
      require(!surelyPresent(i, now), "person %d is present and passed over", i);
      if (gone.get(i) && !maybePresent(i, now)) {
        waiting.clear(i);
      }
    }
  }

  void admitted(int person) {
    require(!letIn.get(person), "person %d is let in twice", person);
    letIn.set(person);
    waiting.clear(person);
    inside.set(person);
    mostActive = Math.max(mostActive, ++active);
    require(active <= capacity, "with person %d there are more inside than may be", person);
  }

  void ended(int person) {
    require(inside.get(person), "the session of person %d ends and there is none", person);
    inside.clear(person);
    active--;
  }

  /** The number that a waiting person was told must be the rank among those present. */
  void told(int person, long number, int now) {
    int surely = 1;
    int maybe = 1;
    for (int i = waiting.nextSetBit(0); i >= 0 && i < person; i = waiting.nextSetBit(i + 1)) {
      surely += surelyPresent(i, now) ? 1 : 0;
      maybe += maybePresent(i, now) ? 1 : 0;
    }
    require(surely <= number && number <= maybe, "person %d is told a wrong number", person);
  }

  private boolean surelyPresent(int person, int now) {
    return now - lastSeen[person] <= PRESENCE_MILLIS - RoomDecisions.SEEN_GRAIN_MILLIS;
  }

  private boolean maybePresent(int person, int now) {
    return now - lastSeen[person] <= PRESENCE_MILLIS;
  }

  int active() {
    return active;
  }

  int mostActive() {
    return mostActive;
  }

  private static void require(boolean holds, String broken, int person) {
    if (!holds) {
      throw new AssertionError(broken.formatted(person));
    }
  }
}
