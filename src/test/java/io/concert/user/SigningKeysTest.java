package io.concert.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SigningKeysTest {
  private static final String SECRET = "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3I=";

  @Test
  void keepsTheOrderInWhichKeysAreGiven() {
    SigningKeys keys = SigningKeys.parse("new:" + SECRET + ", old:" + SECRET);

    assertThat(keys.all()).extracting(SigningKey::kid).containsExactly("new", "old");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        ",",
        SECRET,
        ":" + SECRET,
        "a:",
        "a:!" + SECRET,
        "a b:" + SECRET,
        "a:" + SECRET + ",",
        "a:" + SECRET + ",a:" + SECRET,
        "a:c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlYw=="
      })
  void refusesWhatIsNoListOfKeysWithoutTellingTheSecret(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SigningKeys.parse(text))
        .withMessageContaining("JWT_KEYS")
        .withMessageNotContaining("c2VjcmV0");
  }

  @Test
  void sayWhichKeyIsTooShortAndByHowMuch() {
    String short31 = Base64.getEncoder().encodeToString(new byte[31]);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> SigningKeys.parse("k7:" + short31))
        .withMessage("JWT_KEYS: key k7 has 31 bytes, it needs 32 or more");
  }

  @Test
  void namesKeysInLogsAndNothingElse() {
    assertThat(SigningKeys.parse("a:" + SECRET)).hasToString("SigningKeys[a]");
  }
}
