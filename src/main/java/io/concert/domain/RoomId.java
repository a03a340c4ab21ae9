package io.concert.domain;

import java.util.Optional;
import java.util.regex.Pattern;

/** A waiting room. */
public record RoomId(String name) {
  /** The room that opens every concert without one of its own. */
  public static final RoomId DEFAULT = new RoomId("default");

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

  /**
   * @return empty unless {@code text} is 1 to 63 of a-z, 0-9 and dash
   */
  public static Optional<RoomId> parse(String text) {
    return NAME.matcher(text).matches() ? Optional.of(new RoomId(text)) : Optional.empty();
  }

  @Override
  public String toString() {
    return name;
  }
}
