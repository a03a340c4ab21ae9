package io.concert.catalog.reader;

import io.concert.domain.Won;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/** What a single field of an import may be. */
final class ImportText {
  static final long MAX_PRICE = 1_000_000_000_000L;
  static final int MAX_POSITION = 1_000_000;
  private static final int MAX_NAME = 100;
  private static final int MAX_SCALE = 50;
  private static final Pattern WHOLE = Pattern.compile("[0-9]{1,18}");
  private static final Pattern SMALL_WHOLE = Pattern.compile("[0-9]{1,6}");
  private static final Pattern DECIMAL = Pattern.compile("-?[0-9]{1,9}(\\.[0-9]{1,20})?");

  private ImportText() {}

  /**
   * Strict UTF-8, with or without a byte order mark.
   *
   * @return empty after adding the error
   */
  static Optional<String> decode(byte[] bytes, String file, ImportErrors errors) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(in, out, true);
    out.flip();
    if (result.isError()) {
      long line = 1 + out.chars().filter(c -> c == '\n').count();
      errors.add(
          "%sline %d, byte %d".formatted(file, line, in.position() + 1), "the file isn't UTF-8");
      return Optional.empty();
    }
    boolean marked = out.length() > 0 && out.charAt(0) == '\uFEFF';
    return Optional.of(out.subSequence(marked ? 1 : 0, out.length()).toString());
  }

  /**
   * @return what is wrong with it as a name, empty if nothing
   */
  static Optional<String> nameProblem(String name) {
    if (name.length() > MAX_NAME) {
      return Optional.of("longer than " + MAX_NAME + " characters");
    }
    boolean control = name.chars().anyMatch(Character::isISOControl);
    return control ? Optional.of("a control character") : Optional.empty();
  }

  /**
   * @return empty unless a whole number of won from 0 to 10^12
   */
  static Optional<Won> price(String text) {
    return WHOLE.matcher(text).matches() ? price(Long.parseLong(text)) : Optional.empty();
  }

  static Optional<Won> price(long amount) {
    return amount < 0 || amount > MAX_PRICE ? Optional.empty() : Optional.of(new Won(amount));
  }

  /**
   * @return empty unless a decimal number within ±10^6; rounded to hundredths
   */
  static OptionalDouble position(String text) {
    if (SMALL_WHOLE.matcher(text).matches()) {
      return OptionalDouble.of(Integer.parseInt(text));
    }
    return DECIMAL.matcher(text).matches()
        ? position(new BigDecimal(text))
        : OptionalDouble.empty();
  }

  static OptionalDouble position(BigDecimal value) {
    // Writing out 1e-999999999 would take the rest of the day.
    return value.scale() > MAX_SCALE || value.abs().compareTo(BigDecimal.valueOf(MAX_POSITION)) > 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(value.setScale(2, RoundingMode.HALF_EVEN).doubleValue());
  }
}
