package io.concert.load;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What has to be known of an answer's head.
 *
 * @param end where the body begins
 * @param bodyLength 0 without Content-Length
 */
record Head(int status, int end, int bodyLength) {
  private static final int STATUS_AT = "HTTP/1.1 ".length();
  private static final String LENGTH = "content-length:";

  /**
   * @return null if it isn't all there yet
   */
  static @Nullable Head of(byte[] bytes) {
    int length = 0;
    int line = 0;
    for (int i = 0; i + 1 < bytes.length; i++) {
      if (bytes[i] == '\r' && bytes[i + 1] == '\n') {
        if (i == line) {
          return new Head(number(bytes, STATUS_AT), i + 2, length);
        }
        if (isLength(bytes, line)) {
          length = number(bytes, line + LENGTH.length());
        }
        line = i + 2;
      }
    }
    return null;
  }

  private static boolean isLength(byte[] bytes, int from) {
    for (int i = 0; i < LENGTH.length(); i++) {
      // All of these are letters or not in either case: the bit of the case is set.
      if ((bytes[from + i] | 0x20) != (LENGTH.charAt(i) | 0x20)) {
        return false;
      }
    }
    return true;
  }

  /** The number at a position, after blanks. */
  static int number(byte[] bytes, int from) {
    int i = from;
    while (bytes[i] == ' ') {
      i++;
    }
    int number = 0;
    for (; i < bytes.length && bytes[i] >= '0' && bytes[i] <= '9'; i++) {
      number = 10 * number + bytes[i] - '0';
    }
    return number;
  }

  static byte[] joined(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
