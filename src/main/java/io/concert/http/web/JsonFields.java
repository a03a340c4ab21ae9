package io.concert.http.web;

import static io.concert.http.web.JsonBody.malformed;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The members of a JSON object, taken out one by one with their exact types; whatever is left when
 * {@link #end} is called nobody knows. A member that is null is as if absent. Every method throws
 * {@link ProblemException} MALFORMED.
 */
public final class JsonFields {
  private static final int QUOTED_NAME = 40;

  private final Map<String, @Nullable Object> values;

  JsonFields(Map<String, @Nullable Object> values) {
    this.values = new HashMap<>(values);
  }

  public String text(String name, int longest) {
    return optionalText(name, longest)
        .orElseThrow(() -> malformed("`" + name + "` is missing; it must be a string."));
  }

  /**
   * @param longest in UTF-16 units
   */
  public Optional<String> optionalText(String name, int longest) {
    Object value = values.remove(name);
    if (value == null) {
      return Optional.empty();
    }
    if (!(value instanceof String text)) {
      throw malformed("`" + name + "` must be a string.");
    }
    if (text.length() > longest) {
      throw malformed("`" + name + "` is longer than " + longest + " characters.");
    }
    if (!isStorable(text)) {
      throw malformed("`" + name + "` holds a character that can't be stored.");
    }
    return Optional.of(text);
  }

  /** Neither a database nor a log takes NUL or half a surrogate pair. */
  private static boolean isStorable(String text) {
    return text.codePoints().noneMatch(point -> point == 0 || (point >= 0xD800 && point <= 0xDFFF));
  }

  public long whole(String name) {
    return optionalWhole(name)
        .orElseThrow(() -> malformed("`" + name + "` is missing; it must be a whole number."));
  }

  public OptionalLong optionalWhole(String name) {
    Object value = values.remove(name);
    if (value == null) {
      return OptionalLong.empty();
    }
    if (!(value instanceof Long number)) {
      throw malformed("`" + name + "` must be a whole number of 64 bits, written without a dot.");
    }
    return OptionalLong.of(number);
  }

  public Optional<Boolean> optionalFlag(String name) {
    Object value = values.remove(name);
    if (value == null) {
      return Optional.empty();
    }
    if (!(value instanceof Boolean flag)) {
      throw malformed("`" + name + "` must be true or false.");
    }
    return Optional.of(flag);
  }

  public Instant time(String name) {
    return optionalTime(name)
        .orElseThrow(() -> malformed("`" + name + "` is missing; it must be an RFC 3339 time."));
  }

  public Optional<Instant> optionalTime(String name) {
    return optionalText(name, 64)
        .map(
            text ->
                Times.parse(text)
                    .orElseThrow(() -> malformed("`" + name + "` isn't an RFC 3339 time.")));
  }

  /** Those that aren't taken yet. */
  public Map<String, @Nullable Object> members() {
    return Collections.unmodifiableMap(values);
  }

  /**
   * A list of texts, each as {@link #text} would take it.
   *
   * @param most how many there may be; there must be one
   */
  public Optional<List<String>> optionalTexts(String name, int most, int longest) {
    return optionalList(name, most)
        .map(
            list ->
                list.stream()
                    .map(item -> new JsonFields(Collections.singletonMap(name, item)))
                    .map(item -> item.text(name, longest))
                    .toList());
  }

  /**
   * A list of numbers, each as {@link #whole} would take it.
   *
   * @param mostItems how many there may be; there must be one
   */
  public Optional<List<Long>> optionalWholes(String name, int mostItems, long least, long most) {
    return optionalList(name, mostItems)
        .map(
            list ->
                list.stream()
                    .map(item -> new JsonFields(Collections.singletonMap(name, item)))
                    .map(item -> item.wholeWithin(name, least, most))
                    .toList());
  }

  private long wholeWithin(String name, long least, long most) {
    long value = whole(name);
    if (value < least || value > most) {
      throw malformed("`" + name + "` must have numbers from " + least + " to " + most + ".");
    }
    return value;
  }

  /** A list of objects, of which there must be one and may be {@code most}. */
  public List<JsonFields> objects(String name, int most) {
    return optionalList(name, most)
        .orElseThrow(() -> malformed("`" + name + "` is missing; it must be a list."))
        .stream()
        .map(
            item -> {
              if (item instanceof JsonFields fields) {
                return fields;
              }
              throw malformed("`" + name + "` must be a list of objects.");
            })
        .toList();
  }

  private Optional<List<@Nullable Object>> optionalList(String name, int most) {
    Object value = values.remove(name);
    if (value == null) {
      return Optional.empty();
    }
    if (!(value instanceof List<?> list)) {
      throw malformed("`" + name + "` must be a list.");
    }
    if (list.isEmpty() || list.size() > most) {
      throw malformed("`" + name + "` must have 1 to " + most + " items.");
    }
    return Optional.of(new ArrayList<>(list));
  }

  /** Whether the member is there, be it null. */
  public boolean has(String name) {
    return values.containsKey(name);
  }

  /** Call when all known members are taken. */
  public void end() {
    for (String name : values.keySet()) {
      String shown = name.length() > QUOTED_NAME ? name.substring(0, QUOTED_NAME) + "…" : name;
      throw malformed("`" + shown + "` isn't known here.");
    }
  }
}
