package io.concert.domain;

import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * A user's UUID. For a guest it is the password, so it never reaches a log: {@link #toString} masks
 * it and {@link #reveal} is what the owner's own answers use.
 */
public record UserUuid(UUID value) {
  private static final Pattern CANONICAL =
      Pattern.compile("[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}");

  /**
   * @return empty unless {@code text} is a UUID in its 36-character form ({@link UUID#fromString}
   *     alone would take "1-1-1-1-1")
   */
  public static Optional<UserUuid> parse(String text) {
    return CANONICAL.matcher(text).matches()
        ? Optional.of(new UserUuid(UUID.fromString(text.toLowerCase(Locale.ROOT))))
        : Optional.empty();
  }

  public String reveal() {
    return value.toString();
  }

  @Override
  public String toString() {
    return "UserUuid[secret]";
  }
}
