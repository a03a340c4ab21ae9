package io.concert.http;

import java.util.Locale;
import java.util.Optional;

/** What Content-Type says. */
final class MediaTypes {
  private MediaTypes() {}

  /**
   * @return the type without parameters in lower case; empty for none, and for a charset that isn't
   *     UTF-8
   */
  static Optional<String> of(Call call) {
    Optional<String> header = call.header("Content-Type");
    if (header.isEmpty()) {
      return Optional.empty();
    }
    String[] parts = header.get().toLowerCase(Locale.ROOT).split(";", -1);
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].strip().replace("\"", "");
      if (parameter.startsWith("charset=") && !parameter.equals("charset=utf-8")) {
        return Optional.empty();
      }
    }
    return Optional.of(parts[0].strip());
  }

  static void requireJson(Call call) {
    if (!of(call).map(Answer.JSON::equals).orElse(false)) {
      throw unsupported(Answer.JSON);
    }
  }

  static ProblemException unsupported(String wanted) {
    return Problem.of(
            ProblemCode.UNSUPPORTED_MEDIA_TYPE, "Content-Type must be " + wanted + ", in UTF-8.")
        .exception();
  }
}
