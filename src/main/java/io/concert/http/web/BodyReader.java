package io.concert.http.web;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
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
  private final Keeping onBytes;
  private final Consumer<Problem> refuse;
  private volatile Buffer received = Buffer.buffer();
  private final long deadlineTimer;
  private boolean refused;

  /** What came was dropped, to make room for others; the connection is about to be closed. */
  private volatile boolean dropped;

  /** Hears how much is kept. */
  interface Keeping {
    /**
     * @param drop frees all that was kept, from any thread
     */
    void kept(int bytes, Runnable drop);
  }

  private BodyReader(Call call, int mostBytes, Keeping onBytes, Consumer<Problem> refuse) {
    this.call = call;
    this.mostBytes = mostBytes;
    this.onBytes = onBytes;
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
   * @param onBytes hears how many have come, again and again
   * @param done the body is in {@link Call#body}
   * @param refuse instead of {@code done}: compressed, too large, too slow, or broken off
   */
  static void read(
      Call call, int mostBytes, Keeping onBytes, Runnable done, Consumer<Problem> refuse) {
    HttpServerRequest request = call.request();
    if (mostBytes == 0 || !isComing(call)) {
      done.run();
      return;
    }
    if (isEncoded(call)) {
      refuse.accept(
          Problem.of(
              ProblemCode.UNSUPPORTED_MEDIA_TYPE, "Bodies are taken without a Content-Encoding."));
      return;
    }
    if (announcedBytes(call) > mostBytes) {
      refuse.accept(tooLarge(mostBytes));
      return;
    }
    BodyReader reader = new BodyReader(call, mostBytes, onBytes, refuse);
    boolean waits = call.header("Expect").map("100-continue"::equalsIgnoreCase).orElse(false);
    if (waits && request.version() == HttpVersion.HTTP_1_1) {
      request.response().writeContinue();
    }
    request.handler(reader::receive);
    request.exceptionHandler(broken -> reader.breakOff());
    request.endHandler(end -> reader.finish(done));
  }

  /** Whether any of a body hasn't arrived yet; most requests have none. */
  static boolean isComing(Call call) {
    return !call.request().isEnded()
        && (announcedBytes(call) > 0 || call.header("Transfer-Encoding").isPresent());
  }

  private static boolean isEncoded(Call call) {
    String codings = call.listed("Content-Encoding").strip();
    return !codings.isEmpty() && !codings.equalsIgnoreCase("identity");
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
    if (!refused && !dropped) {
      received.appendBuffer(part);
      onBytes.kept(part.length(), this::drop);
    }
  }

  private void drop() {
    dropped = true;
    received = Buffer.buffer();
  }

  private void refuse(Problem problem) {
    if (!refused) {
      refused = true;
      received = Buffer.buffer();
      stopTimer();
      refuse.accept(problem);
    }
  }

  /**
   * The client is gone, or what it sent isn't HTTP any more, such as a chunk without a length. The
   * connection is closed as soon as this returns, so that what was written must be sent at once.
   */
  private void breakOff() {
    refuse(Problem.of(ProblemCode.MALFORMED, "The body broke off, or isn't valid HTTP."));
    if (call.request().connection() instanceof ConnectionBase connection) {
      connection.channelHandlerContext().flush();
    }
  }

  private void finish(Runnable done) {
    stopTimer();
    Buffer whole = received;
    if (!refused && !dropped) {
      call.body(whole);
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
