package io.concert.queue.line;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Numbers that are near each other in few bytes: each as its difference to the least of them, in as
 * many bytes as the largest difference needs (frame of reference). One pass over an array and no
 * branches, so it costs less than to send the bytes that it spares.
 *
 * <p>Numbers are written eight bytes at a time, one over the zeros of the one before, so a buffer
 * needs {@link #SLACK} bytes behind the last.
 */
final class PackedNumbers {
  static final int SLACK = Long.BYTES;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private PackedNumbers() {}

  /** The most that so many numbers can take. */
  static int mostBytes(int numbers) {
    return 1 + Long.BYTES + numbers * Long.BYTES;
  }

  /**
   * @param at where to begin in {@code bytes}
   * @return where the numbers end in {@code bytes}
   */
  static int write(long[] numbers, byte[] bytes, int at) {
    long least = Long.MAX_VALUE;
    long most = Long.MIN_VALUE;
    for (long number : numbers) {
      least = Math.min(least, number);
      most = Math.max(most, number);
    }
    // As unsigned numbers differences are right even where they overflow.
    int width = Long.BYTES - Long.numberOfLeadingZeros(most - least) / Byte.SIZE;
    bytes[at] = (byte) width;
    LONGS.set(bytes, at + 1, least);
    int next = at + 1 + Long.BYTES;
    for (long number : numbers) {
      LONGS.set(bytes, next, number - least);
      next += width;
    }
    return next;
  }

  /** Where so many numbers end in {@code bytes} that begin {@code at}. */
  static int end(int numbers, byte[] bytes, int at) {
    return at + 1 + Long.BYTES + numbers * bytes[at];
  }

  /**
   * Fills an array with numbers.
   *
   * @return where the numbers end in {@code bytes}
   */
  static int read(long[] numbers, byte[] bytes, int at) {
    int width = bytes[at];
    long least = (long) LONGS.get(bytes, at + 1);
    long mask = width == Long.BYTES ? -1 : (1L << (width * Byte.SIZE)) - 1;
    int next = at + 1 + Long.BYTES;
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = least + ((long) LONGS.get(bytes, next) & mask);
      next += width;
    }
    return next;
  }
}
