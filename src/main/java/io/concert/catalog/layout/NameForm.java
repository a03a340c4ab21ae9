package io.concert.catalog.layout;

import java.text.Normalizer;
import java.util.regex.Pattern;

/**
 * One form for names that read the same: two tickets must not differ by what nobody can see. Plans
 * come out of spreadsheets, where names were typed on different systems (한 as one character or as
 * three) or pasted from a page (with zero-width or no-break spaces).
 *
 * <p>What is never drawn goes, spaces of any kind become one plain space between words, and the
 * rest is put together as Unicode's form NFC. What looks alike but is another letter stays another.
 */
public final class NameForm {
  /**
   * Unicode's Default_Ignorable_Code_Point, as far as text has them: format characters, fillers of
   * Hangul, variation selectors.
   */
  private static final Pattern NEVER_DRAWN =
      Pattern.compile(
          "[\\p{Cf}\\u034F\\u115F\\u1160\\u17B4\\u17B5\\u180B-\\u180D\\u180F\\u3164\\uFFA0"
              + "\\uFE00-\\uFE0F\\x{E0100}-\\x{E01EF}]");

  /** Tabs and line ends aren't spaces here: anyone who reads a plan refuses them. */
  private static final Pattern SPACES = Pattern.compile("\\p{Zs}+");

  private NameForm() {}

  /** The text itself, if it has this form already. */
  public static String of(String text) {
    if (isPlain(text)) {
      return text;
    }
    String drawn = NEVER_DRAWN.matcher(text).replaceAll("");
    String spaced = SPACES.matcher(drawn).replaceAll(" ");
    int begin = spaced.startsWith(" ") ? 1 : 0;
    int end = spaced.length() - (spaced.endsWith(" ") && spaced.length() > begin ? 1 : 0);
    return Normalizer.normalize(spaced.substring(begin, end), Normalizer.Form.NFC);
  }

  /** Most names are: a hundred thousand of them shouldn't cost more than a look. */
  private static boolean isPlain(String text) {
    char before = ' ';
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x7F || (c == ' ' && before == ' ')) {
        return false;
      }
      before = c;
    }
    return text.isEmpty() || before != ' ';
  }
}
