package io.concert.events.api;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An event's number among all that were published, and its id. Written as {@code e} and the number.
 *
 * @param number rises by one or more from each event to the next; 0 is before all of them
 */
public record EventCursor(long number) {
  public static final EventCursor START = new EventCursor(0);

  private static final Pattern WRITTEN = Pattern.compile("e(?:0|[1-9][0-9]{0,17})");

  /**
   * @return empty unless {@code text} is what {@link #toString} writes
   */
  public static Optional<EventCursor> parse(String text) {
    return WRITTEN.matcher(text).matches()
        ? Optional.of(new EventCursor(Long.parseLong(text.substring(1))))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return "e" + number;
  }
}
