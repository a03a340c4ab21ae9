package io.concert.load;

import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;

/**
 * Finds the number behind a name in JSON, in pieces as they come and without taking them apart: a
 * client that parses what it measures measures itself.
 */
public final class Scan {
  private final byte[] name;
  private final LongConsumer found;
  private int matched;
  private long number;
  private boolean digits;

  /**
   * @param field whose value is a whole number, not negative
   * @param found hears each value
   */
  public Scan(String field, LongConsumer found) {
    this.name = ("\"" + field + "\":").getBytes(StandardCharsets.US_ASCII);
    this.found = found;
  }

  public void piece(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      byte next = bytes[i];
      if (matched == name.length && next >= '0' && next <= '9') {
        number = 10 * number + next - '0';
        digits = true;
        continue;
      }
      if (digits) {
        found.accept(number);
        digits = false;
      }
      // The name begins with the only quote that isn't at its end, so nothing is skipped.
      matched =
          next == name[matched % name.length] ? matched % name.length + 1 : next == '"' ? 1 : 0;
      number = 0;
    }
  }

  /**
   * @return the number behind the name, or -1
   */
  public static long in(byte[] bytes, int from, int to, String field) {
    long[] value = {-1};
    new Scan(field, number -> value[0] = number).piece(bytes, from, to);
    return value[0];
  }
}
