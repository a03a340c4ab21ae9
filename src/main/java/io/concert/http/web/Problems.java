package io.concert.http.web;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;

/** Problems that are found before a request reaches any endpoint. */
public final class Problems {
  private static final Problem OVERLOADED =
      Problem.of(ProblemCode.OVERLOADED, "More requests than can be served.");

  /** Stands for the id, which needs no escaping. */
  private static final String ID = "{id}";

  private static final String OVERLOADED_BODY = OVERLOADED.answer(ID).body().toString();

  private static final String OVERLOADED_HEAD =
      "HTTP/1.1 503 Service Unavailable\r\nX-Content-Type-Options: nosniff\r\n"
          + "Cache-Control: no-store\r\nVary: Origin\r\nContent-Type: "
          + Problem.MEDIA_TYPE
          + "\r\nX-Request-Id: ";

  /** A body of up to 9,999 bytes is read and thrown away. */
  private static final int SHORT_DIGITS = 4;

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
   * Answers a request that nothing was done for. There may be very many of them, so this is cheap,
   * and no line is written for each.
   *
   * @param retryAfterSeconds when to come again
   */
  public static void answerOverloaded(HttpServerRequest request, int retryAfterSeconds) {
    String requestId = RequestIds.choose(request.getHeader("X-Request-Id"));
    Answer answer = OVERLOADED.answer(requestId);
    HttpServerResponse response = request.response();
    response
        .setStatusCode(answer.status())
        .putHeader("X-Request-Id", requestId)
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Cache-Control", "no-store")
        .putHeader("Vary", "Origin")
        .putHeader("Content-Type", answer.mediaType())
        .putHeader("Retry-After", Integer.toString(retryAfterSeconds));
    if (isLong(request)) {
      // Nobody reads on and on what nobody wants.
      response
          .putHeader("Connection", "close")
          .end(answer.body())
          .onComplete(sent -> request.connection().close());
    } else {
      var unused = response.end(answer.body());
    }
  }

  /**
   * The whole of such an answer, to be sent as it is.
   *
   * @param offeredId by the client; empty for none
   */
  public static byte[] overloaded(String offeredId, int retryAfterSeconds) {
    String requestId = RequestIds.choose(offeredId);
    String body = OVERLOADED_BODY.replace(ID, requestId);
    return (OVERLOADED_HEAD
            + requestId
            + "\r\nRetry-After: "
            + retryAfterSeconds
            + "\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body)
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static boolean isLong(HttpServerRequest request) {
    String length = request.getHeader("Content-Length");
    return request.getHeader("Transfer-Encoding") != null
        || (length != null && length.length() > SHORT_DIGITS);
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
