package io.concert.http.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.http.web.cached.Encodings;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextsTest {
  @ParameterizedTest
  @CsvSource({
    "2026-05-01T10:00:00Z, 2026-05-01T10:00:00.000Z",
    "2026-05-01T10:00:00.123999Z, 2026-05-01T10:00:00.123Z",
    "9998-12-31T23:59:59.0099Z, 9998-12-31T23:59:59.009Z",
    "1969-12-31T23:59:59.9999Z, 1969-12-31T23:59:59.999Z",
    "0999-01-02T03:04:05.060Z, 0999-01-02T03:04:05.060Z",
    "+12345-01-02T03:04:05Z, +12345-01-02T03:04:05.000Z"
  })
  void writesTimesInMillisecondsRoundedDown(Instant time, String text) {
    assertThat(Times.text(time)).isEqualTo(text);
  }

  @Test
  void masksUuidsAndLengthInLoggedPaths() {
    assertThat(RequestLog.masked("/api/v1/users/0b0dd3b2-0f5a-4d8e-9a1b-1c2d3e4f5a6b/x"))
        .isEqualTo("/api/v1/users/<uuid>/x");
    assertThat(RequestLog.masked("/" + "x".repeat(10_000))).hasSizeLessThan(250);
  }

  @Test
  void readsWhatAClientAccepts() {
    assertThat("gzip").matches(Encodings::acceptsGzip);
    assertThat("deflate, GZIP;q=1.0, *;q=0.5").matches(Encodings::acceptsGzip);
    assertThat("*").matches(Encodings::acceptsGzip);
    assertThat(Encodings.acceptsGzip("")).isFalse();
    assertThat(Encodings.acceptsGzip("identity, br")).isFalse();
    assertThat(Encodings.acceptsGzip("gzip;q=0")).isFalse();
    assertThat(Encodings.acceptsGzip("gzip; q=0.000")).isFalse();
    assertThat(Encodings.acceptsGzip("gzip;q=0, *")).as("* is what isn't named").isFalse();
    assertThat(Encodings.acceptsGzip("*, gzip\t;q=0")).isFalse();
    assertThat(Encodings.acceptsGzip("*;q=0, gzip;q=0.1")).isTrue();
  }
}
