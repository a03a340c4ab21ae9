package io.concert.http.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.Fault;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

class ProblemTest {
  @Test
  void isADocumentWithItsOwnMembers() {
    Answer answer =
        Problem.of(ProblemCode.INSUFFICIENT_BALANCE, "Too little.")
            .with("required", 5L)
            .with("available", 3L)
            .answer("id-1");

    assertThat(answer.status()).isEqualTo(402);
    assertThat(answer.mediaType()).isEqualTo("application/problem+json");
    assertThat(answer.body().toJsonObject())
        .isEqualTo(
            new JsonObject()
                .put("type", "urn:concert-reservation:problem:insufficient-balance")
                .put("title", "The balance is too small")
                .put("status", 402)
                .put("detail", "Too little.")
                .put("code", "INSUFFICIENT_BALANCE")
                .put("requestId", "id-1")
                .put("required", 5)
                .put("available", 3));
  }

  @Test
  void saysOfAFaultOnlyWhatMayBeConcluded() {
    for (Fault.Kind kind : Fault.Kind.values()) {
      Problem problem = Problem.of(new Fault(kind, "secret", new RuntimeException("secret")));
      assertThat(problem.answer("x").body().toString()).doesNotContain("secret");
      assertThat(problem.status())
          .isEqualTo(
              switch (kind) {
                case UNAVAILABLE, OVERLOADED -> 503;
                case OUTCOME_UNKNOWN -> 504;
                case INTERNAL -> 500;
              });
    }
  }

  @Test
  void addsTheHeadersThatAStatusNeeds() {
    assertThat(Problem.of(ProblemCode.UNAVAILABLE, "").answer("x").headers())
        .containsEntry("Retry-After", "1");
    assertThat(Problem.of(ProblemCode.TOKEN_EXPIRED, "").answer("x").headers())
        .containsEntry("WWW-Authenticate", "Bearer");
    assertThat(Problem.of(ProblemCode.NOT_FOUND, "").answer("x").headers()).isEmpty();
  }
}
