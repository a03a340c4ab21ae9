package io.concert.queue.line;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.StreamCorruptedException;

/**
 * A {@link Page} as it travels between members, some 14 bytes a place. Who reads a room keeps its
 * pages so until somebody looks at them: that spares the rooms that wait meanwhile most of the
 * time, and the heap the peak.
 */
public final class PackedPage {
  private static final int ARRAYS = 6;
  private static final int PRESENCE = 1;
  private static final int LIMIT = ARRAYS * PackedNumbers.mostBytes(Page.SIZE);

  private final int spent;
  private final int length;

  /** Users, bits of presence, arrivals, times last seen, links to the older, links to the newer. */
  private final byte[] bytes;

  private PackedPage(int spent, int length, byte[] bytes) {
    this.spent = spent;
    this.length = length;
    this.bytes = bytes;
  }

  /** What is used for one page after the other. */
  public static final class Buffer {
    private final byte[] bytes = new byte[LIMIT + PackedNumbers.SLACK];
    private final long[] numbers = new long[Page.SIZE];

    private long[] filled(int[] links) {
      for (int i = 0; i < links.length; i++) {
        numbers[i] = links[i];
      }
      return numbers;
    }
  }

  /**
   * @param buffer in which it stands until the next is packed
   */
  public static PackedPage of(Page page, Buffer buffer) {
    byte[] bytes = buffer.bytes;
    int end = PackedNumbers.write(page.user, bytes, 0);
    end = PackedNumbers.write(page.present, bytes, end);
    end = PackedNumbers.write(page.arrival, bytes, end);
    end = PackedNumbers.write(page.lastSeen, bytes, end);
    end = PackedNumbers.write(buffer.filled(page.older), bytes, end);
    end = PackedNumbers.write(buffer.filled(page.newer), bytes, end);
    return new PackedPage(page.spent, end, bytes);
  }

  public void write(DataOutput out) throws IOException {
    out.writeInt(spent);
    out.writeInt(length);
    out.write(bytes, 0, length);
  }

  public static PackedPage read(DataInput in) throws IOException {
    int spent = in.readInt();
    int length = in.readInt();
    if (length < 0 || length > LIMIT) {
      throw new StreamCorruptedException("a page of " + length + " bytes");
    }
    PackedPage page = new PackedPage(spent, length, new byte[length + PackedNumbers.SLACK]);
    in.readFully(page.bytes, 0, length);
    if (!page.isWhole()) {
      throw new StreamCorruptedException("not a page");
    }
    return page;
  }

  private boolean isWhole() {
    int end = 0;
    for (int array = 0; array < ARRAYS; array++) {
      if (end < 0 || end >= length) {
        return false;
      }
      end = PackedNumbers.end(array == PRESENCE ? Page.SIZE / Long.SIZE : Page.SIZE, bytes, end);
    }
    return end == length;
  }

  /**
   * @return the waiting users' numbers and the marks of {@link Line}, in the buffer
   */
  long[] users(Buffer buffer) {
    var unused = PackedNumbers.read(buffer.numbers, bytes, 0);
    return buffer.numbers;
  }

  /** How many are present. */
  public int present() {
    long[] words = new long[Page.SIZE / Long.SIZE];
    var unused = PackedNumbers.read(words, bytes, PackedNumbers.end(Page.SIZE, bytes, 0));
    return Page.count(words);
  }

  Page unpack() {
    Page page = new Page();
    page.spent = spent;
    int end = PackedNumbers.read(page.user, bytes, 0);
    end = PackedNumbers.read(page.present, bytes, end);
    end = PackedNumbers.read(page.arrival, bytes, end);
    end = PackedNumbers.read(page.lastSeen, bytes, end);
    long[] links = new long[Page.SIZE];
    end = PackedNumbers.read(links, bytes, end);
    fill(page.older, links);
    var unused = PackedNumbers.read(links, bytes, end);
    fill(page.newer, links);
    return page;
  }

  private static void fill(int[] places, long[] links) {
    for (int i = 0; i < places.length; i++) {
      places[i] = (int) links[i];
    }
  }
}
