package io.concert.queue.view;

import io.concert.queue.line.Page;
import io.concert.queue.room.RoomDeltaPages;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Who waited in a line, and who of them was present, as bits; with counts by page. Immutable. */
final class ViewLine {
  private static final long[] NOBODY = new long[RoomDeltaPages.WORDS];

  private final long[][] waiting;
  private final long[][] present;
  private final int[] before;

  private ViewLine(long[][] waiting, long[][] present) {
    this.waiting = waiting;
    this.present = present;
    this.before = new int[present.length + 1];
    for (int page = 0; page < present.length; page++) {
      before[page + 1] = before[page] + count(present[page], Page.SIZE);
    }
  }

  boolean isWaiting(int index) {
    return isSet(waiting, index);
  }

  boolean isPresent(int index) {
    return isSet(present, index);
  }

  int present() {
    return before[present.length];
  }

  int presentBefore(int index) {
    int page = index >> Page.BITS;
    return page < present.length
        ? before[page] + count(present[page], index & Page.SIZE - 1)
        : present();
  }

  private static boolean isSet(long[][] pages, int index) {
    int page = index >> Page.BITS;
    int slot = index & Page.SIZE - 1;
    return page < pages.length && (pages[page][slot / Long.SIZE] & 1L << slot) != 0;
  }

  private static int count(long[] words, int slots) {
    int count = 0;
    for (int word = 0; word < slots / Long.SIZE; word++) {
      count += Long.bitCount(words[word]);
    }
    int rest = slots % Long.SIZE;
    return rest == 0 ? count : count + Long.bitCount(words[slots / Long.SIZE] & (1L << rest) - 1);
  }

  /** A line with some pages replaced. */
  static final class Builder {
    private long[][] waiting;
    private long[][] present;

    /**
     * @param base what wasn't replaced; none: nobody
     */
    Builder(@Nullable ViewLine base) {
      waiting = base == null ? new long[0][] : base.waiting.clone();
      present = base == null ? new long[0][] : base.present.clone();
    }

    void page(int number, long[] waitingWords, long[] presentWords) {
      if (number >= waiting.length) {
        int known = waiting.length;
        waiting = Arrays.copyOf(waiting, number + 1);
        present = Arrays.copyOf(present, number + 1);
        Arrays.fill(waiting, known, number, NOBODY);
        Arrays.fill(present, known, number, NOBODY);
      }
      waiting[number] = waitingWords;
      present[number] = presentWords;
    }

    ViewLine build() {
      return new ViewLine(waiting, present);
    }
  }
}
