package io.concert.http.web;

import io.concert.http.web.stream.OpenStreams;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Times requests by endpoint and by the first digit of their status. Paths are the contract's, with
 * their parameters unfilled: the series are few, whatever clients ask for.
 */
public final class RequestMetrics {
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(1),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofMillis(2_500),
    Duration.ofSeconds(10)
  };

  private final MeterRegistry registry;
  private final Route unrouted;

  /**
   * @param streams are counted, too
   */
  public RequestMetrics(MeterRegistry registry, OpenStreams streams) {
    this.registry = registry;
    this.unrouted = new Route("none", "none");
    registry.gauge("http.event.streams", streams, OpenStreams::count);
  }

  Route route(Endpoint endpoint) {
    return new Route(endpoint.method().name(), endpoint.path());
  }

  /** Of the endpoint that the call has come to; requests for anything else share one. */
  Route of(Call call) {
    return Objects.requireNonNullElse(call.measured(), unrouted);
  }

  /** One that nobody came to in time, whatever it was for. */
  public void refused() {
    unrouted.answered(503, Duration.ZERO);
  }

  /** The requests of one endpoint. */
  final class Route {
    private static final int GONE = 0;

    private final String method;
    private final String path;

    /** By the status's first digit, made when first needed. */
    private final AtomicReferenceArray<Timer> timers = new AtomicReferenceArray<>(6);

    private Route(String method, String path) {
      this.method = method;
      this.path = path;
    }

    void answered(int status, Duration took) {
      record(status / 100, took);
    }

    /** The client didn't wait for the answer. */
    void gone(Duration took) {
      record(GONE, took);
    }

    private void record(int digit, Duration took) {
      Timer timer = timers.get(digit);
      if (timer == null) {
        timer = timer(digit == GONE ? "gone" : digit + "xx");
        timers.set(digit, timer);
      }
      timer.record(took);
    }

    private Timer timer(String outcome) {
      return Timer.builder("http.server.requests")
          .description("From the first byte's arrival to the answer's leaving")
          .tag("method", method)
          .tag("route", path)
          .tag("status", outcome)
          .serviceLevelObjectives(BUCKETS)
          .register(registry);
    }
  }
}
