package io.concert.events.api;

import java.util.Optional;
import java.util.regex.Pattern;

/** A webhook. Written as {@code w} and its number. */
public record WebhookId(long number) {
  private static final Pattern WRITTEN = Pattern.compile("w[1-9][0-9]{0,17}");

  /**
   * @return empty unless {@code text} is what {@link #toString} writes
   */
  public static Optional<WebhookId> parse(String text) {
    return WRITTEN.matcher(text).matches()
        ? Optional.of(new WebhookId(Long.parseLong(text.substring(1))))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return "w" + number;
  }
}
