package io.concert.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;

class UserUuidTest {
  private static final String TEXT = "0b0dd3b2-0f5a-4d8e-9a1b-1c2d3e4f5a6b";

  @Test
  void readsTheLongFormOnly() {
    assertThat(UserUuid.parse(TEXT).map(UserUuid::reveal)).contains(TEXT);
    assertThat(UserUuid.parse(TEXT.toUpperCase(Locale.ROOT))).isEqualTo(UserUuid.parse(TEXT));
    for (String text :
        new String[] {
          "",
          "1-1-1-1-1",
          TEXT.replace("-", ""),
          TEXT + " ",
          "{" + TEXT + "}",
          TEXT.replace('0', 'g')
        }) {
      assertThat(UserUuid.parse(text)).as(text).isEmpty();
    }
  }

  @Test
  void tellsNoLogItsValue() {
    assertThat(UserUuid.parse(TEXT).orElseThrow().toString()).doesNotContain(TEXT.substring(0, 8));
  }
}
