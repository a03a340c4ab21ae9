package io.concert.queue.line;

/**
 * 512 neighbouring places of a {@link Line}: 32 bytes each and a bit. A line grows and is cleared
 * page by page, so it never copies what it has, and a line of which only a few came back costs
 * little.
 */
public final class Page {
  public static final int BITS = 9;
  public static final int SIZE = 1 << BITS;

  /** Stands for every page whose places have all been used up. */
  public static final Page USED_UP = new Page(0);

  /** A waiting user's number, or one of the marks of {@link Line}. */
  final long[] user;

  final long[] arrival;
  final long[] lastSeen;

  /** Neighbours in the line's list of those present: seen longer ago, seen more lately. */
  final int[] older;

  final int[] newer;
  public final long[] present;
  int spent;

  public Page() {
    this(SIZE);
  }

  private Page(int size) {
    user = new long[size];
    arrival = new long[size];
    lastSeen = new long[size];
    older = new int[size];
    newer = new int[size];
    present = new long[size / Long.SIZE];
  }

  /** Which of 64 places somebody waits at. */
  public long waiting(int word) {
    long bits = 0;
    for (int bit = 0; bit < Long.SIZE; bit++) {
      bits |= user[word * Long.SIZE + bit] > 0 ? 1L << bit : 0;
    }
    return bits;
  }

  int present() {
    return count(present);
  }

  /** How many bits are set. */
  static int count(long[] words) {
    int count = 0;
    for (long bits : words) {
      count += Long.bitCount(bits);
    }
    return count;
  }

  boolean isPresent(int slot) {
    return (present[slot / Long.SIZE] & 1L << slot) != 0;
  }

  void flipPresent(int slot) {
    present[slot / Long.SIZE] ^= 1L << slot;
  }

  int presentBefore(int slot) {
    int word = slot / Long.SIZE;
    int count = Long.bitCount(present[word] & (1L << slot) - 1);
    for (int i = 0; i < word; i++) {
      count += Long.bitCount(present[i]);
    }
    return count;
  }

  /** The slot of the present place with this zero-based rank in the page. */
  int slotOf(int rank) {
    int word = 0;
    int left = rank;
    for (int count; (count = Long.bitCount(present[word])) <= left; word++) {
      left -= count;
    }
    long bits = present[word];
    for (; left > 0; left--) {
      bits &= bits - 1;
    }
    return word * Long.SIZE + Long.numberOfTrailingZeros(bits);
  }
}
