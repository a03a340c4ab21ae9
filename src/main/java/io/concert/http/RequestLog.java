package io.concert.http;

import io.vertx.core.http.HttpMethod;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One line a request: who asked for what, what came of it, how long it took. Reads and polls that
 * went well are many and at DEBUG. No query and no header is written, and what looks like a UUID in
 * a path is masked: a guest's is a secret that somebody may have put in the wrong place.
 */
final class RequestLog {
  private static final Logger log = LoggerFactory.getLogger(RequestLog.class);
  private static final Pattern UUID =
      Pattern.compile("[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
  private static final int LONGEST_PATH = 200;

  /** The client didn't wait for the answer; no status was sent, or not all of it. */
  private static final int GONE = 0;

  private RequestLog() {}

  static void watch(Call call) {
    long started = System.nanoTime();
    call.context()
        .addEndHandler(
            sent -> {
              long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
              int status = sent.succeeded() ? call.context().response().getStatusCode() : GONE;
              HttpMethod method = call.request().method();
              log.atLevel(level(method, status))
                  .log(
                      "{} {} {} {} ms {} id={}",
                      method,
                      masked(call.request().path()),
                      status == GONE ? "gone" : status,
                      millis,
                      call.caller(),
                      call.requestId());
            });
  }

  private static Level level(HttpMethod method, int status) {
    boolean usual = HttpMethod.GET.equals(method) || status == 202;
    return usual && status > GONE && status < 400 ? Level.DEBUG : Level.INFO;
  }

  static String masked(String path) {
    String shown = path.length() > LONGEST_PATH ? path.substring(0, LONGEST_PATH) + "…" : path;
    return UUID.matcher(shown).replaceAll("<uuid>");
  }
}
