package io.concert.user;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UserLimitsTest {
  @Test
  void knowsAnEmailByItsShape() {
    assertThat("kim@example.com").matches(UserLimits::isEmail);
    assertThat("kim.su+tickets@mail.example.co.kr").matches(UserLimits::isEmail);
    for (String text :
        new String[] {
          "",
          "kim",
          "@example.com",
          "kim@",
          "kim@example",
          "kim@.com",
          "kim@example.",
          "a@b@c.d",
          "k im@example.com",
          "kim@exa\u0000mple.com",
          "k".repeat(250) + "@b.cd"
        }) {
      assertThat(UserLimits.isEmail(text)).as(text).isFalse();
    }
  }

  @Test
  void boundsNamesAndPasswords() {
    assertThat(UserLimits.isName("김재서")).isTrue();
    assertThat(UserLimits.isName("k".repeat(100))).isTrue();
    assertThat(UserLimits.isName("k".repeat(101))).isFalse();
    assertThat(UserLimits.isName(" ")).isFalse();
    assertThat(UserLimits.isName("kim\n2026 INFO all is well")).isFalse();
    assertThat(UserLimits.isPassword("1234567")).isFalse();
    assertThat(UserLimits.isPassword("12345678")).isTrue();
    assertThat(UserLimits.isPassword("p".repeat(129))).isFalse();
  }
}
