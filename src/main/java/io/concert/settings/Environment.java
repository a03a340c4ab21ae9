package io.concert.settings;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Reads typed settings from the environment. Mistakes are gathered, so that anyone who starts a
 * node sees all of them at once; what was asked for is remembered and makes {@code --help}.
 */
public final class Environment {
  public static final int MOST_PORT = 65_535;

  /** In seconds. */
  public static final int DAY = 86_400;

  private static final String INDENT = "      ";

  private final Map<String, String> variables;
  private final List<String> mistakes = new ArrayList<>();
  private final StringBuilder help = new StringBuilder();

  public Environment(Map<String, String> variables) {
    this.variables = variables;
  }

  /** Whether the variable is set to something. */
  public boolean isSet(String name) {
    return variables.containsKey(name);
  }

  public Optional<String> optional(String name, String unset, String what) {
    describe(name, unset, what);
    return Optional.ofNullable(variables.get(name));
  }

  public String text(String name, String fallback, String what) {
    return parse(
        name,
        fallback,
        what,
        text -> {
          if (text.isBlank()) {
            throw new IllegalArgumentException("must not be blank");
          }
          return text;
        });
  }

  public int number(String name, int fallback, int least, int most, String what) {
    return (int) whole(name, fallback, least, most, what);
  }

  public long whole(String name, long fallback, long least, long most, String what) {
    return parse(
        name,
        Long.toString(fallback),
        what,
        text -> {
          if (!text.matches("-?[0-9]{1,18}")) {
            throw new IllegalArgumentException("must be a whole number");
          }
          long value = Long.parseLong(text);
          if (value < least || value > most) {
            throw new IllegalArgumentException("must be from " + least + " to " + most);
          }
          return value;
        });
  }

  public Duration seconds(String name, int fallback, int least, int most, String what) {
    return Duration.ofSeconds(number(name, fallback, least, most, what));
  }

  public boolean flag(String name, boolean fallback, String what) {
    return parse(
        name,
        Boolean.toString(fallback),
        what,
        text ->
            switch (text.toLowerCase(Locale.ROOT)) {
              case "true", "on", "yes", "1" -> true;
              case "false", "off", "no", "0" -> false;
              default -> throw new IllegalArgumentException("must be true or false");
            });
  }

  /** One of an enum's constants, written in lower case. */
  public <E extends Enum<E>> E choice(String name, E fallback, String what) {
    List<E> choices = List.of(fallback.getDeclaringClass().getEnumConstants());
    List<String> names =
        choices.stream().map(choice -> choice.name().toLowerCase(Locale.ROOT)).toList();
    return parse(
        name,
        fallback.name().toLowerCase(Locale.ROOT),
        what,
        text -> {
          int index = names.indexOf(text.toLowerCase(Locale.ROOT));
          if (index < 0) {
            throw new IllegalArgumentException("must be one of " + names);
          }
          return choices.get(index);
        });
  }

  /** Any other form; the parser throws {@link IllegalArgumentException} with what is wrong. */
  public <T> T parse(String name, String fallback, String what, Function<String, T> parser) {
    describe(name, fallback, what);
    try {
      return parser.apply(variables.getOrDefault(name, fallback));
    } catch (IllegalArgumentException e) {
      mistakes.add(name + " " + e.getMessage());
      return parser.apply(fallback);
    }
  }

  /** A comma-separated list whose every item passes a check that throws for the others. */
  public List<String> list(String name, String what, Consumer<String> check) {
    return parse(
        name,
        "",
        what,
        text -> {
          List<String> items = items(text);
          items.forEach(check);
          return items;
        });
  }

  /** The trimmed, non-empty items of a comma-separated list. */
  public static List<String> items(String text) {
    return Arrays.stream(text.split(",", -1))
        .map(String::strip)
        .filter(item -> !item.isEmpty())
        .toList();
  }

  /** What the parser gives; its complaint, which names the setting itself, is a mistake. */
  public <T> Optional<T> orMistake(Supplier<T> parser) {
    try {
      return Optional.of(parser.get());
    } catch (IllegalArgumentException e) {
      mistakes.add(String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  public void mistake(String line) {
    mistakes.add(line);
  }

  /** One line each, in the order of reading. Values aren't repeated: some are secrets. */
  public List<String> mistakes() {
    return List.copyOf(mistakes);
  }

  public String help() {
    return help.toString();
  }

  private void describe(String name, String fallback, String what) {
    help.append("  ")
        .append(name)
        .append(fallback.isEmpty() ? "" : "  (" + fallback + ")")
        .append('\n')
        .append(INDENT)
        .append(what)
        .append('\n');
  }
}
