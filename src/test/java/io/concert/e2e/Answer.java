package io.concert.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.net.http.HttpHeaders;
import org.assertj.core.api.Assertions;

/** An HTTP answer; the body is a missing node if it isn't JSON. */
public record Answer(int status, JsonNode body, HttpHeaders headers) {
  /** The field as text; fails if it isn't there. */
  public String text(String field) {
    return ServiceProcess.text(body, field);
  }

  public long number(String field) {
    Assertions.assertThat(body.path(field).isIntegralNumber()).as("%s in %s", field, body).isTrue();
    return body.get(field).asLong();
  }

  @CanIgnoreReturnValue
  public Answer mustBe(int expected) {
    Assertions.assertThat(status).as("%s", body).isEqualTo(expected);
    return this;
  }

  /** A problem document with this status and code. */
  @CanIgnoreReturnValue
  public Answer mustBeProblem(int expected, String code) {
    mustBe(expected);
    Assertions.assertThat(headers.firstValue("content-type").orElse(""))
        .startsWith("application/problem+json");
    Assertions.assertThat(text("code")).isEqualTo(code);
    Assertions.assertThat(number("status")).isEqualTo(expected);
    return this;
  }
}
