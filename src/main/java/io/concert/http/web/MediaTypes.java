package io.concert.http.web;

import java.util.Locale;
import java.util.Optional;

/** What Content-Type says. */
public final class MediaTypes {
  private MediaTypes() {}

  /**
   * @return the type without parameters in lower case; empty for none, and for a charset that isn't
   *     UTF-8
   */
  public static Optional<String> of(Call call) {
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

  /** Whether {@code Accept} names the first type, and not the second with a greater weight. */
  public static boolean prefers(Call call, String first, String second) {
    String accept = call.listed("Accept").toLowerCase(Locale.ROOT);
    double weight = weight(accept, first);
    return weight > 0 && weight >= weight(accept, second);
  }

  /** 0 for a type that isn't named. */
  private static double weight(String accept, String type) {
    for (String range : accept.split(",", -1)) {
      String[] parts = range.split(";", -1);
      if (parts[0].strip().equals(type)) {
        return parts.length == 1 ? 1 : weight(parts);
      }
    }
    return 0;
  }

  private static double weight(String[] parameters) {
    for (String parameter : parameters) {
      String text = parameter.replace(" ", "");
      if (text.matches("q=[01](\\.[0-9]{0,3})?")) {
        return Double.parseDouble(text.substring(2));
      }
    }
    return 1;
  }

  static void requireJson(Call call) {
    if (!of(call).map(Answer.JSON::equals).orElse(false)) {
      throw unsupported(Answer.JSON);
    }
  }

  public static ProblemException unsupported(String wanted) {
    return Problem.of(
            ProblemCode.UNSUPPORTED_MEDIA_TYPE, "Content-Type must be " + wanted + ", in UTF-8.")
        .exception();
  }
}
