package io.concert.domain;

import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * The written form of numeric ids: a prefix and a canonical decimal, so that one id has one text.
 */
final class Ids {
  private static final Pattern CANONICAL = Pattern.compile("0|[1-9][0-9]{0,17}");

  private Ids() {}

  /**
   * @return the number behind {@code prefix}, empty for another prefix, a sign, a leading zero or
   *     more than 18 digits
   */
  static OptionalLong parse(String prefix, String text) {
    if (!text.startsWith(prefix)) {
      return OptionalLong.empty();
    }
    String digits = text.substring(prefix.length());
    return CANONICAL.matcher(digits).matches()
        ? OptionalLong.of(Long.parseLong(digits))
        : OptionalLong.empty();
  }
}
