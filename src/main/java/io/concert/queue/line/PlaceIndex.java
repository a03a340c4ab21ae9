package io.concert.queue.line;

import java.util.function.LongUnaryOperator;

/**
 * Finds the place where a user waits: open addressing with linear probing. It keeps the places
 * only, 8 bytes each; whose they are stands in the line, which a look-up reads. At a load of 3/8 to
 * 3/4 that makes 11 to 21 bytes a place.
 */
public final class PlaceIndex {
  /** No place packs to zero: epochs begin at 1. */
  static final long NONE = 0;

  private final LongUnaryOperator userAt;
  private long[] table = new long[16];
  private int size;

  /**
   * @param userAt the user who waits at a packed place
   */
  PlaceIndex(LongUnaryOperator userAt) {
    this.userAt = userAt;
  }

  public static long pack(int epoch, int sequence) {
    return (long) epoch << Integer.SIZE | sequence;
  }

  static int epochOf(long packed) {
    return (int) (packed >>> Integer.SIZE);
  }

  static int sequenceOf(long packed) {
    return (int) packed;
  }

  /** The user's packed place, or {@link #NONE}. */
  long find(long user) {
    return table[slotOf(user)];
  }

  /** Adds a place at which the user already waits; the user must have no other. */
  void add(long user, long packed) {
    growForOne();
    table[slotOf(user)] = packed;
    size++;
  }

  int size() {
    return size;
  }

  /** Makes an empty index large enough for so many users. */
  void expect(int users) {
    int length = table.length;
    while (4L * users > 3L * length) {
      length *= 2;
    }
    table = new long[length];
  }

  /**
   * Adds the places of a page, whose users have no others. Unlike {@link #add} it looks at no line,
   * which is most of the work where a whole room is read.
   *
   * @param users who stands there; marks where nobody waits
   * @param first the first of the places, packed
   */
  void addPage(long[] users, long first) {
    for (int i = 0; i < users.length; i++) {
      if (users[i] > 0) {
        growForOne();
        put(users[i], first + i);
        size++;
      }
    }
  }

  /** Removes a user's place while the user still waits there. */
  void remove(long user) {
    int hole = slotOf(user);
    if (table[hole] == NONE) {
      return;
    }
    int mask = table.length - 1;
    for (int i = hole + 1 & mask; table[i] != NONE; i = i + 1 & mask) {
      // An entry may move back into the hole unless its probing starts behind the hole.
      int probed = i - homeOf(userAt.applyAsLong(table[i])) & mask;
      if (probed >= (i - hole & mask)) {
        table[hole] = table[i];
        hole = i;
      }
    }
    table[hole] = NONE;
    size--;
  }

  private void growForOne() {
    if (4 * (size + 1) <= 3 * table.length) {
      return;
    }
    long[] before = table;
    table = new long[2 * before.length];
    for (long packed : before) {
      if (packed != NONE) {
        put(userAt.applyAsLong(packed), packed);
      }
    }
  }

  /** Into the first free slot: the user isn't in the table. */
  private void put(long user, long packed) {
    int mask = table.length - 1;
    int slot = homeOf(user);
    while (table[slot] != NONE) {
      slot = slot + 1 & mask;
    }
    table[slot] = packed;
  }

  /** The slot of the user's place, or the free one where it would go. */
  private int slotOf(long user) {
    int mask = table.length - 1;
    int slot = homeOf(user);
    while (table[slot] != NONE && userAt.applyAsLong(table[slot]) != user) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private int homeOf(long user) {
    long mixed = user * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 32) & table.length - 1;
  }
}
