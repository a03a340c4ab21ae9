package io.concert.user;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class CompactTokenTest {
  private static final Pattern GRAMMAR =
      Pattern.compile("([A-Za-z0-9_-]+)\\.[A-Za-z0-9_-]+\\.([A-Za-z0-9_-]+)");

  @Test
  void takesExactlyWhatTheGrammarSays() {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 200_000; i++) {
      String text = text(random);
      var expected = GRAMMAR.matcher(text);
      CompactToken found = CompactToken.of(text);
      assertThat(found)
          .as(text)
          .isEqualTo(
              expected.matches() ? new CompactToken(expected.group(1), expected.group(2)) : null);
    }
  }

  /** Mostly dots and letters, so that about every tenth is a token. */
  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(9); i > 0; i--) {
      text.append("....aaZz09_-=+/ é\u0000".charAt(random.nextInt(18)));
    }
    return text.toString();
  }
}
