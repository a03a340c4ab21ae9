package io.concert.postgres.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.catalog.SaleSwitch;
import io.concert.reservation.api.SeatStatus;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The numbers of the database and the enums that read them: the table is the one place. */
class VerdictTableTest {
  private static final Pattern FAMILY = Pattern.compile("-- [a-z_., ]+: ([a-z.]+\\.[A-Za-z]+)");
  private static final Pattern NUMBER = Pattern.compile("(\\d+) ([A-Z_]+)");

  @Test
  void enumsHaveTheNumbersOfTheTable() throws IOException, ClassNotFoundException {
    Map<String, Map<String, Integer>> table = table();
    assertThat(table).hasSize(10);
    for (var family : table.entrySet()) {
      assertThat(constants(Class.forName("io.concert." + family.getKey())))
          .as(family.getKey())
          .isEqualTo(family.getValue());
    }
  }

  private static Map<String, Map<String, Integer>> table() throws IOException {
    Map<String, Map<String, Integer>> table = new HashMap<>();
    Map<String, Integer> family = new HashMap<>();
    for (String line : script().lines().takeWhile(line -> !line.startsWith("create")).toList()) {
      Matcher begins = FAMILY.matcher(line);
      if (begins.matches()) {
        family = new HashMap<>();
        table.put(begins.group(1), family);
      } else if (line.startsWith("--   ")) {
        Matcher number = NUMBER.matcher(line);
        while (number.find()) {
          family.put(number.group(2), Integer.valueOf(number.group(1)));
        }
      }
    }
    return table;
  }

  private static String script() throws IOException {
    try (InputStream script =
        VerdictTableTest.class.getResourceAsStream("/db/migration/R__code_functions.sql")) {
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static Map<String, Integer> constants(Class<?> family) {
    Map<String, Integer> constants = new HashMap<>();
    for (Object constant : family.getEnumConstants()) {
      constants.put(((Enum<?>) constant).name(), number(constant));
    }
    return constants;
  }

  private static int number(Object constant) {
    if (constant instanceof SeatStatus status) {
      return status.code();
    }
    return constant instanceof SaleSwitch state ? state.code() : ((Verdict) constant).number();
  }
}
