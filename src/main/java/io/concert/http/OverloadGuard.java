package io.concert.http;

import io.concert.http.web.Problems;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses, before anything is done for them, requests that an event loop comes to too late: when
 * more comes than it can serve, all would wait longer and longer, until what it serves is answers
 * to people who have given up.
 *
 * <p>An event loop takes all requests that have arrived, one after the other, and then what was put
 * off meanwhile. So how long a turn has lasted already is what the request that is its turn now has
 * waited at least, and the turn before is what it may have waited on top. In each turn requests are
 * served for as long as the limit says and the rest of it is refused, at about a tenth of the
 * price.
 *
 * <p>Belongs to one event loop.
 */
final class OverloadGuard implements Handler<HttpServerRequest> {
  private static final Logger log = LoggerFactory.getLogger(OverloadGuard.class);

  /** Seconds: by then a turn has ended several times. */
  private static final int RETRY_AFTER = 2;

  private static final long SAY_EVERY_NANOS = 10_000_000_000L;

  private final Context context;
  private final long limitNanos;
  private final Handler<HttpServerRequest> next;
  private final Counter refused;
  private boolean hasBegun;
  private long beganNanos;
  private long saidNanos = System.nanoTime() - SAY_EVERY_NANOS;
  private long unsaid;

  /**
   * @param context the event loop's
   * @param limit how late a request may be come to
   */
  OverloadGuard(
      Context context, Duration limit, MeterRegistry registry, Handler<HttpServerRequest> next) {
    this.context = context;
    this.limitNanos = limit.toNanos();
    this.next = next;
    this.refused =
        Counter.builder("http_overload_refused")
            .description("Requests that were refused as the event loop came to them too late")
            .register(registry);
  }

  @Override
  public void handle(HttpServerRequest request) {
    long now = System.nanoTime();
    if (!hasBegun) {
      hasBegun = true;
      beganNanos = now;
      context.runOnContext(over -> hasBegun = false);
    } else if (now - beganNanos > limitNanos && mayBeRefused(request.path())) {
      refuse(request, now);
      return;
    }
    next.handle(request);
  }

  /**
   * Not who asks whether this node is well, an operator, or somebody who pays: a hold ends at its
   * time, and those who have one are few.
   */
  private static boolean mayBeRefused(String path) {
    return !path.startsWith("/health/")
        && !path.equals("/metrics")
        && !path.startsWith("/api/v1/admin/")
        && !path.startsWith("/api/v1/accounts/payments");
  }

  private void refuse(HttpServerRequest request, long now) {
    refused.increment();
    unsaid++;
    Problems.answerOverloaded(request, RETRY_AFTER);
    if (now - saidNanos > SAY_EVERY_NANOS) {
      log.warn(
          "more requests than can be served: {} refused since the last such line; this turn has taken {} ms",
          unsaid,
          (now - beganNanos) / 1_000_000);
      saidNanos = now;
      unsaid = 0;
    }
  }
}
