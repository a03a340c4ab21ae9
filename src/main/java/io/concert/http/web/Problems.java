package io.concert.http.web;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/** Problems that are found before a request reaches any endpoint. */
public final class Problems {
  private Problems() {}

  /** What Vert.x means by a status it fails a request with. */
  static Problem ofStatus(int status) {
    if (status == 404) {
      return Problem.of(ProblemCode.NOT_FOUND, "No such path.");
    }
    if (status == 403) {
      return Problem.of(ProblemCode.FORBIDDEN, "Pages of that origin may not call.");
    }
    if (status == 413) {
      return Problem.of(ProblemCode.BODY_TOO_LARGE, "The body is too large.");
    }
    return status >= 400 && status < 500
        ? Problem.of(ProblemCode.MALFORMED, "This isn't a request in valid HTTP.")
            .withStatus(status)
        : Problem.of(ProblemCode.INTERNAL, "The request id leads to it in the log.");
  }

  /**
   * Answers what isn't HTTP enough to be routed, and closes: where the next request starts is lost.
   */
  public static void answerInvalid(HttpServerRequest request) {
    Throwable cause = request.decoderResult().cause();
    int status = 400;
    if (cause instanceof TooLongHttpLineException) {
      status = 414;
    } else if (cause instanceof TooLongHttpHeaderException) {
      status = 431;
    }
    String requestId = RequestIds.choose(null);
    Answer answer = ofStatus(status).answer(requestId);
    HttpServerResponse response = request.response();
    response
        .setStatusCode(status)
        .putHeader("X-Request-Id", requestId)
        .putHeader("Content-Type", answer.mediaType())
        .putHeader("Connection", "close")
        .end(answer.body())
        .onComplete(sent -> request.connection().close());
  }
}
