package io.concert.campaign;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Alert rules that come to their conclusion sooner: every {@code for:}, every group's interval and
 * every window in brackets is a tenth as long, two seconds at least. What is compared with what
 * stays as it is.
 */
final class ShortenedRules {
  private static final int SHARE = 10;
  private static final int LEAST_SECONDS = 2;
  private static final Pattern DURATION =
      Pattern.compile("(?<before>\\[|\\b(?:for|interval): )(?<count>\\d+)(?<unit>[smh])\\b");

  private ShortenedRules() {}

  static String of(String rules) {
    return DURATION
        .matcher(rules)
        .replaceAll(found -> Matcher.quoteReplacement(found.group(1) + shortened(found)));
  }

  private static String shortened(MatchResult found) {
    int unit =
        switch (found.group(3)) {
          case "h" -> 3_600;
          case "m" -> 60;
          default -> 1;
        };
    int seconds = Integer.parseInt(found.group(2)) * unit;
    return Math.max(LEAST_SECONDS, seconds / SHARE) + "s";
  }
}
