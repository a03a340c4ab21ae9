package io.concert.user;

import java.util.regex.Pattern;

/** What a name, an email and a password may be. Lengths in UTF-16 units, as JSON clients count. */
public final class UserLimits {
  public static final int NAME = 100;
  public static final int EMAIL = 254;
  public static final int PASSWORD_LEAST = 8;

  /** Hashing costs the same for any length; the limit only bounds what is carried about. */
  public static final int PASSWORD_MOST = 128;

  /** One @ with something around it and a dot behind: whether it can be reached only mail tells. */
  private static final Pattern EMAIL_SHAPE = Pattern.compile("[^@\\s]+@[^@\\s.]+(?:\\.[^@\\s.]+)+");

  private UserLimits() {}

  public static boolean isName(String text) {
    return !text.isBlank() && text.length() <= NAME && isPlain(text);
  }

  public static boolean isEmail(String text) {
    return text.length() <= EMAIL && isPlain(text) && EMAIL_SHAPE.matcher(text).matches();
  }

  public static boolean isPassword(String text) {
    return text.length() >= PASSWORD_LEAST && text.length() <= PASSWORD_MOST;
  }

  /** No control characters: they forge lines in logs, terminals and CSV. */
  private static boolean isPlain(String text) {
    return text.codePoints().noneMatch(Character::isISOControl);
  }
}
