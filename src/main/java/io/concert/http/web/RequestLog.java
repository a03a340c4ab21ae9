package io.concert.http.web;

import io.concert.domain.Fault;
import io.vertx.core.http.HttpMethod;
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

  private RequestLog() {}

  static void answered(Call call, int status) {
    boolean usual = HttpMethod.GET.equals(call.request().method()) || status == 202;
    write(call, usual && status < 400 ? Level.DEBUG : Level.INFO, Integer.toString(status));
  }

  /** The client didn't wait for the answer, or not for all of it. */
  static void gone(Call call) {
    write(call, Level.INFO, "gone");
  }

  /** A stream has ended, as all do. */
  static void streamed(Call call) {
    write(call, Level.DEBUG, "streamed");
  }

  private static void write(Call call, Level level, String outcome) {
    Fault fault = call.fault();
    if (fault != null) {
      failed(call, fault, outcome);
    } else if (log.isEnabledForLevel(level)) {
      log.atLevel(level)
          .log(
              "{} {} {} {} ms {} id={}",
              call.request().method(),
              masked(call.request().path()),
              outcome,
              call.age().toMillis(),
              call.caller(),
              call.requestId());
    }
  }

  /** The same line with what went wrong inside; of a defect also where. */
  private static void failed(Call call, Fault fault, String outcome) {
    boolean isDefect = fault.kind() == Fault.Kind.INTERNAL;
    log.atLevel(isDefect ? Level.ERROR : Level.WARN)
        .setCause(isDefect ? fault : null)
        .log(
            "{} {} {} {} ms {} id={}: {}, {}",
            call.request().method(),
            masked(call.request().path()),
            outcome,
            call.age().toMillis(),
            call.caller(),
            call.requestId(),
            fault.kind(),
            fault.getMessage());
  }

  static String masked(String path) {
    String shown = path.length() > LONGEST_PATH ? path.substring(0, LONGEST_PATH) + "…" : path;
    return UUID.matcher(shown).replaceAll("<uuid>");
  }
}
