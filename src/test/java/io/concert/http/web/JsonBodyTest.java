package io.concert.http.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonBodyTest {
  private static JsonFields object(String json) {
    return JsonBody.object(Buffer.buffer(json));
  }

  @Test
  void takesMembersWithTheirExactTypes() {
    JsonFields fields =
        object("{\"text\":\"\\u00e9🎫\",\"most\":9223372036854775807,\"zero\":-0,\"no\":null}");

    assertThat(fields.text("text", 3)).isEqualTo("é🎫");
    assertThat(fields.whole("most")).isEqualTo(Long.MAX_VALUE);
    assertThat(fields.whole("zero")).isZero();
    assertThat(fields.optionalText("no", 1)).isEmpty();
    assertThat(fields.optionalWhole("absent")).isEmpty();
    fields.end();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.9",
        "1.0",
        "1e3",
        "1E3",
        "-1.5e-3",
        "1e400",
        "9223372036854775808",
        "-9223372036854775809",
        "18446744073709551617",
        "\"10\"",
        "true",
        "[]",
        "{}"
      })
  void takesNoOtherNumberForAWholeOne(String number) {
    assertMalformed(() -> object("{\"n\":" + number + "}").whole("n"), "whole number");
    assertMalformed(() -> object("{\"n\":" + number + "}").optionalWhole("n"), "whole number");
  }

  @Test
  void namesWhatIsMissingTooLongOrUnknown() {
    assertMalformed(() -> object("{}").text("t", 9), "`t` is missing");
    assertMalformed(() -> object("{}").whole("n"), "`n` is missing");
    assertMalformed(() -> object("{\"t\":\"12\"}").text("t", 1), "longer than 1");
    assertMalformed(() -> object("{\"t\":1}").end(), "`t` isn't known");
    assertMalformed(() -> object("{\"" + "x".repeat(99) + "\":1}").end(), "x…`");
  }

  @Test
  void readsTimesWithAnyOffset() {
    assertThat(object("{\"t\":\"2026-05-01T19:00:00+09:00\"}").time("t"))
        .isEqualTo("2026-05-01T10:00:00Z");
    for (String text : List.of("", "2026-05-01", "2026-05-01T10:00:00", "1969-01-01T00:00:00Z")) {
      assertMalformed(() -> object("{\"t\":\"" + text + "\"}").time("t"), "RFC 3339");
    }
  }

  @Test
  void saysWhatIsWrongWithoutQuotingTheBody() {
    for (String body : List.of("{\"secret\":", "{\"secret\":1,\"secret\":2}", "secret", "")) {
      assertThatThrownBy(() -> object(body))
          .isInstanceOfSatisfying(
              ProblemException.class,
              e -> {
                assertThat(e.problem().code()).isEqualTo(ProblemCode.MALFORMED);
                assertThat(e.problem().detail()).doesNotContain("secret");
              });
    }
  }

  private static void assertMalformed(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String detail) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ProblemException.class,
            e -> {
              assertThat(e.problem().status()).isEqualTo(400);
              assertThat(e.problem().detail()).contains(detail);
            });
  }
}
