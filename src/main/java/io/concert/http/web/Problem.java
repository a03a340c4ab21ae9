package io.concert.http.web;

import io.concert.domain.Fault;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A refusal as a client hears of it (RFC 9457).
 *
 * @param status the code's own, except where an endpoint's contract names another
 * @param detail what is wrong with this request; never of the inside, never a secret
 * @param extra further members, such as {@code required} and {@code available}
 * @param retryAfterSeconds when to try again; 0 for what no repetition helps
 */
public record Problem(
    ProblemCode code,
    int status,
    String detail,
    Map<String, Object> extra,
    long retryAfterSeconds) {
  static final String MEDIA_TYPE = "application/problem+json";

  public Problem {
    extra = Map.copyOf(extra);
  }

  public static Problem of(ProblemCode code, String detail) {
    return new Problem(code, code.status(), detail, Map.of(), code.status() == 503 ? 1 : 0);
  }

  /** What a client may conclude from a fault, and nothing else of it. */
  static Problem of(Fault fault) {
    return switch (fault.kind()) {
      case UNAVAILABLE -> of(ProblemCode.UNAVAILABLE, "A part of the service is away.");
      case OVERLOADED -> of(ProblemCode.OVERLOADED, "A queue inside the service is full.");
      case OUTCOME_UNKNOWN ->
          of(ProblemCode.OUTCOME_UNKNOWN, "No answer in time: it isn't known whether it happened.");
      case INTERNAL -> of(ProblemCode.INTERNAL, "The request id leads to it in the log.");
    };
  }

  /**
   * @param retryAfter told in whole seconds, rounded up
   */
  public static Problem rateLimited(String detail, Duration retryAfter) {
    long seconds = Math.max(1, retryAfter.plusSeconds(1).minusNanos(1).toSeconds());
    ProblemCode code = ProblemCode.RATE_LIMITED;
    return new Problem(code, code.status(), detail, Map.of(), seconds);
  }

  public Problem with(String member, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(extra);
    more.put(member, value);
    return new Problem(code, status, detail, more, retryAfterSeconds);
  }

  public Problem withStatus(int other) {
    return new Problem(code, other, detail, extra, retryAfterSeconds);
  }

  /** To be thrown, or to fail a future with: it ends the request. */
  public ProblemException exception() {
    return new ProblemException(this);
  }

  Answer answer(String requestId) {
    JsonObject body =
        new JsonObject()
            .put("type", code.type())
            .put("title", code.title())
            .put("status", status)
            .put("detail", detail)
            .put("code", code.name())
            .put("requestId", requestId);
    extra.forEach(body::put);
    Answer answer = new Answer(status, Map.of(), MEDIA_TYPE, Buffer.buffer(body.encode()));
    if (status == 401) {
      return answer.with("WWW-Authenticate", "Bearer");
    }
    return retryAfterSeconds > 0
        ? answer.with("Retry-After", Long.toString(retryAfterSeconds))
        : answer;
  }
}
