package io.concert.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Receives a whole body within a limit of bytes and of time. An idle timeout alone lets a client
 * send a byte a second for ever; and forms aren't parsed, whatever Content-Type says.
 */
final class BodyReader {
  /** For the whole body, and for what is still coming after the answer was given. */
  static final Duration DEADLINE = Duration.ofSeconds(10);

  private final Call call;
  private final int mostBytes;
  private final Consumer<Problem> refuse;
  private final Buffer received = Buffer.buffer();
  private final long deadlineTimer;
  private boolean refused;

  private BodyReader(Call call, int mostBytes, Consumer<Problem> refuse) {
    this.call = call;
    this.mostBytes = mostBytes;
    this.refuse = refuse;
    this.deadlineTimer =
        call.context()
            .vertx()
            .setTimer(
                DEADLINE.toMillis(),
                timer ->
                    refuse(
                        Problem.of(
                            ProblemCode.MALFORMED,
                            "The body didn't arrive within " + DEADLINE.toSeconds() + " s.")));
  }

  /**
   * Call while the request is being handled for the first time, or its body is lost.
   *
   * @param done the body is in {@link Call#body}
   * @param refuse instead of {@code done}: too large, too slow, or broken off
   */
  static void read(Call call, int mostBytes, Runnable done, Consumer<Problem> refuse) {
    HttpServerRequest request = call.request();
    if (mostBytes == 0 || !isComing(call)) {
      done.run();
      return;
    }
    if (announcedBytes(call) > mostBytes) {
      refuse.accept(tooLarge(mostBytes));
      return;
    }
    BodyReader reader = new BodyReader(call, mostBytes, refuse);
    boolean waits = call.header("Expect").map("100-continue"::equalsIgnoreCase).orElse(false);
    if (waits && request.version() == HttpVersion.HTTP_1_1) {
      request.response().writeContinue();
    }
    request.handler(reader::receive);
    request.exceptionHandler(
        broken -> reader.refuse(Problem.of(ProblemCode.MALFORMED, "The body broke off.")));
    request.endHandler(end -> reader.finish(done));
  }

  /** Whether any of a body hasn't arrived yet; most requests have none. */
  static boolean isComing(Call call) {
    return !call.request().isEnded()
        && (announcedBytes(call) > 0 || call.header("Transfer-Encoding").isPresent());
  }

  private static long announcedBytes(Call call) {
    try {
      return call.header("Content-Length").map(Long::parseLong).orElse(0L);
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE; // Longer than any limit, or not HTTP.
    }
  }

  private void receive(Buffer part) {
    if (!refused && received.length() + part.length() > mostBytes) {
      refuse(tooLarge(mostBytes));
    }
    if (!refused) {
      received.appendBuffer(part);
    }
  }

  private void refuse(Problem problem) {
    if (!refused) {
      refused = true;
      stopTimer();
      refuse.accept(problem);
    }
  }

  private void finish(Runnable done) {
    stopTimer();
    if (!refused) {
      call.body(received);
      done.run();
    }
  }

  private void stopTimer() {
    call.context().vertx().cancelTimer(deadlineTimer);
  }

  private static Problem tooLarge(int mostBytes) {
    return Problem.of(
        ProblemCode.BODY_TOO_LARGE, "The body may have " + mostBytes + " bytes at most.");
  }
}
