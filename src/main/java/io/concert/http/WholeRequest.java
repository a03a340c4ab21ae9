package io.concert.http;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Looks at the bytes of a request without taking them apart. Says no to whatever isn't simple: it
 * is no parser, and must never believe in a request's end where the parser doesn't.
 */
final class WholeRequest {
  private static final byte LINE_FEED = '\n';
  private static final byte RETURN = '\r';
  private static final int LOWER = 0x20;
  private static final int MOST_DIGITS = 5;
  private static final int LONGEST_PATH = 100;
  private static final String VERSION = " HTTP/1.1\r";
  private static final String LENGTH = "content-length:";
  private static final String ID = "x-request-id:";

  private WholeRequest() {}

  /**
   * Whether these are all bytes of exactly one request with a short body or none, after which the
   * connection stays open, and whose answer has a body.
   */
  static boolean isOne(ByteBuf bytes) {
    int end = bytes.writerIndex();
    int lineEnd = bytes.indexOf(bytes.readerIndex(), end, LINE_FEED);
    if (lineEnd < 0 || !isUsual(bytes, lineEnd)) {
      return false;
    }
    int length = -1;
    for (int line = lineEnd + 1; ; line = lineEnd + 1) {
      lineEnd = bytes.indexOf(line, end, LINE_FEED);
      if (lineEnd <= line || bytes.getByte(lineEnd - 1) != RETURN) {
        return false;
      }
      if (lineEnd == line + 1) {
        return lineEnd + 1 + Math.max(length, 0) == end;
      }
      if (changesWhatFollows(bytes, line, lineEnd)) {
        return false;
      }
      if (startsWith(bytes, line, lineEnd, LENGTH)) {
        int named = number(bytes, line + LENGTH.length(), lineEnd - 1);
        if (named < 0 || length >= 0) {
          return false;
        }
        length = named;
      }
    }
  }

  /** GET, POST, PUT, PATCH or DELETE, in HTTP/1.1. */
  private static boolean isUsual(ByteBuf bytes, int lineEnd) {
    byte first = bytes.getByte(bytes.readerIndex());
    int version = lineEnd - VERSION.length();
    return (first == 'G' || first == 'P' || first == 'D')
        && version > bytes.readerIndex()
        && bytes.toString(version, VERSION.length(), StandardCharsets.US_ASCII).equals(VERSION);
  }

  private static boolean changesWhatFollows(ByteBuf bytes, int line, int lineEnd) {
    byte first = bytes.getByte(line);
    return switch (first | LOWER) {
      case 'c' ->
          startsWith(bytes, line, lineEnd, "connection:") && !staysOpen(bytes, line, lineEnd);
      case 't' -> startsWith(bytes, line, lineEnd, "transfer-encoding:");
      case 'e' -> startsWith(bytes, line, lineEnd, "expect:");
      case 'u' -> startsWith(bytes, line, lineEnd, "upgrade:");
      default -> first == ' ' || first == '\t';
    };
  }

  private static boolean staysOpen(ByteBuf bytes, int line, int lineEnd) {
    return bytes
        .toString(line, lineEnd - line, StandardCharsets.US_ASCII)
        .strip()
        .substring("connection:".length())
        .strip()
        .equalsIgnoreCase("keep-alive");
  }

  /**
   * @param name in lower case
   */
  private static boolean startsWith(ByteBuf bytes, int line, int lineEnd, String name) {
    if (lineEnd - line < name.length()) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      int wanted = name.charAt(i);
      int found = bytes.getByte(line + i);
      boolean isLetter = wanted >= 'a' && wanted <= 'z';
      if ((isLetter ? found | LOWER : found) != wanted) {
        return false;
      }
    }
    return true;
  }

  /**
   * @return -1 if it is none, or too large a one
   */
  private static int number(ByteBuf bytes, int from, int to) {
    String text = bytes.toString(from, to - from, StandardCharsets.US_ASCII).strip();
    if (text.isEmpty() || text.length() > MOST_DIGITS) {
      return -1;
    }
    int number = 0;
    for (int i = 0; i < text.length(); i++) {
      char digit = text.charAt(i);
      if (digit < '0' || digit > '9') {
        return -1;
      }
      number = 10 * number + digit - '0';
    }
    return number;
  }

  /** By its path; of one for which {@link #isOne} holds. */
  static boolean mayRefuse(ByteBuf bytes) {
    int from = bytes.indexOf(bytes.readerIndex(), bytes.writerIndex(), (byte) ' ') + 1;
    int length = Math.min(LONGEST_PATH, bytes.writerIndex() - from);
    String path = bytes.toString(from, length, StandardCharsets.US_ASCII);
    // Not a path, for instance a whole URL: the parser knows.
    return path.startsWith("/") && Overload.mayRefuse(path);
  }

  /** What it names itself by; empty if it doesn't. */
  static String id(ByteBuf bytes) {
    int end = bytes.writerIndex();
    int line = bytes.readerIndex();
    for (int lineEnd = bytes.indexOf(line, end, LINE_FEED);
        lineEnd > line + 1;
        lineEnd = bytes.indexOf(line, end, LINE_FEED)) {
      if (startsWith(bytes, line, lineEnd, ID)) {
        int from = line + ID.length();
        return bytes.toString(from, lineEnd - from, StandardCharsets.US_ASCII).strip();
      }
      line = lineEnd + 1;
    }
    return "";
  }
}
