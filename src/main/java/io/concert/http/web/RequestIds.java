package io.concert.http.web;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Names a request in its answer and in the log. */
final class RequestIds {
  private static final Pattern SANE = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private static final HexFormat HEX = HexFormat.of();

  private RequestIds() {}

  /**
   * @param offered by the client or a proxy
   * @return that, if it can stand in a log; else 128 random bits, which are no secret
   */
  static String choose(@Nullable String offered) {
    if (offered != null && SANE.matcher(offered).matches()) {
      return offered;
    }
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return HEX.toHexDigits(random.nextLong()) + HEX.toHexDigits(random.nextLong());
  }
}
