package io.concert.http;

import io.concert.http.web.RequestMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether an event loop comes to its requests too late: when more comes than it can serve, all
 * would wait longer and longer, until what it serves is answers to people who have given up.
 *
 * <p>An event loop takes all requests that have arrived, one after the other, and then what was put
 * off meanwhile. So how long a turn has lasted already is what the request that is its turn now has
 * waited at least, and the turn before is what it may have waited on top. In each turn requests are
 * served for as long as the limit says, and the rest of it is refused at a fraction of the price.
 *
 * <p>Belongs to one event loop.
 */
final class Overload {
  private static final Logger log = LoggerFactory.getLogger(Overload.class);

  /** Seconds: by then a turn has ended several times. */
  static final int RETRY_AFTER = 2;

  /** Fewer are no overload, but a pause of the process: whoever came meanwhile is served. */
  private static final int LEAST_SERVED = 16;

  private static final long SAY_EVERY_NANOS = 10_000_000_000L;

  private final Context context;
  private final long limitNanos;
  private final RequestMetrics metrics;
  private final Counter refused;
  private boolean hasBegun;
  private long beganNanos;
  private int served;
  private long saidNanos = System.nanoTime() - SAY_EVERY_NANOS;
  private long unsaid;

  /**
   * @param context the event loop's
   * @param limit how late a request may be come to
   */
  Overload(Context context, Duration limit, MeterRegistry registry, RequestMetrics metrics) {
    this.context = context;
    this.limitNanos = limit.toNanos();
    this.metrics = metrics;
    this.refused =
        Counter.builder("http_overload_refused")
            .description("Requests that were refused as the event loop came to them too late")
            .register(registry);
  }

  /** To be asked at each request when its turn comes. */
  boolean isLate() {
    long now = System.nanoTime();
    if (!hasBegun) {
      hasBegun = true;
      beganNanos = now;
      served = 1;
      context.runOnContext(over -> hasBegun = false);
      return false;
    }
    if (now - beganNanos > limitNanos && served >= LEAST_SERVED) {
      return true;
    }
    served++;
    return false;
  }

  /** Counts one; a line for each would cost more than the refusal. */
  void refused() {
    refused.increment();
    metrics.refused();
    unsaid++;
    long now = System.nanoTime();
    if (now - saidNanos > SAY_EVERY_NANOS) {
      log.warn(
          "more requests than can be served: {} refused since the last such line; this turn has"
              + " lasted {} ms",
          unsaid,
          (now - beganNanos) / 1_000_000);
      saidNanos = now;
      unsaid = 0;
    }
  }

  /**
   * Not who asks whether this node is well, an operator, or somebody who pays: a hold ends at its
   * time, and those who have one are few.
   */
  static boolean mayRefuse(String path) {
    return !path.startsWith("/health/")
        && !path.startsWith("/metrics")
        && !path.startsWith("/api/v1/admin/")
        && !path.startsWith("/api/v1/accounts/payments");
  }
}
