package io.concert.queue.room;

import io.concert.queue.line.Line;
import io.concert.queue.line.Lines;
import io.concert.queue.line.Page;
import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who waits and who is present, as two bits a place: 128 bytes for a page of 512. Each page comes
 * with its line and number.
 */
public final class RoomDeltaPages {
  public static final int WORDS = Page.SIZE / Long.SIZE;
  private static final int BYTES = 2 * Integer.BYTES + 2 * WORDS * Long.BYTES;

  private RoomDeltaPages() {}

  /** Hears of one page. */
  public interface Reader {
    /**
     * @param waiting a bit a place: somebody waits there
     * @param present a bit a place: and was seen lately
     */
    void page(int line, int number, long[] waiting, long[] present);
  }

  /** The pages that have changed after {@code since}. */
  static byte[] write(Lines lines, long since) {
    int count = 0;
    for (Line line : lines.byEpoch().values()) {
      for (int number = 0; number < line.pageCount(); number++) {
        count += line.pages().changedAt(number) > since ? 1 : 0;
      }
    }
    ByteBuffer out = ByteBuffer.allocate(count * BYTES);
    for (Map.Entry<Integer, Line> numbered : lines.byEpoch().entrySet()) {
      Line line = numbered.getValue();
      for (int number = 0; number < line.pageCount(); number++) {
        if (line.pages().changedAt(number) > since) {
          out.putInt(numbered.getKey()).putInt(number);
          write(line.pages().page(number), out);
        }
      }
    }
    return out.array();
  }

  private static void write(@Nullable Page page, ByteBuffer out) {
    if (page == null || page == Page.USED_UP) {
      out.position(out.position() + 2 * WORDS * Long.BYTES);
      return;
    }
    for (int word = 0; word < WORDS; word++) {
      out.putLong(page.waiting(word));
    }
    for (int word = 0; word < WORDS; word++) {
      out.putLong(page.present[word]);
    }
  }

  public static void read(byte[] pages, Reader reader) {
    ByteBuffer in = ByteBuffer.wrap(pages);
    while (in.hasRemaining()) {
      int line = in.getInt();
      int number = in.getInt();
      reader.page(line, number, words(in), words(in));
    }
  }

  private static long[] words(ByteBuffer in) {
    long[] words = new long[WORDS];
    for (int word = 0; word < WORDS; word++) {
      words[word] = in.getLong();
    }
    return words;
  }
}
