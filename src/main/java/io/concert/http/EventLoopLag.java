package io.concert.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How late timers of this event loop fire: what every request that comes meanwhile waits, too. Ten
 * looks a second; a loop that is blocked for long shows as one late look, in the maximum.
 */
final class EventLoopLag {
  private static final Duration EVERY = Duration.ofMillis(100);

  private final Timer lag;
  private long dueNanos;

  private EventLoopLag(MeterRegistry registry) {
    lag =
        Timer.builder("event_loop_lag")
            .description("How late the timers of the HTTP event loops fire")
            .serviceLevelObjectives(
                Duration.ofMillis(1),
                Duration.ofMillis(5),
                Duration.ofMillis(10),
                Duration.ofMillis(50),
                Duration.ofMillis(100),
                Duration.ofMillis(500),
                Duration.ofSeconds(1))
            .register(registry);
  }

  /** Call on the event loop to watch, in a verticle's context, whose end ends the watch. */
  static void watch(Vertx vertx, MeterRegistry registry) {
    new EventLoopLag(registry).next(vertx);
  }

  private void next(Vertx vertx) {
    dueNanos = System.nanoTime() + EVERY.toNanos();
    vertx.setTimer(
        EVERY.toMillis(),
        timer -> {
          lag.record(Math.max(0, System.nanoTime() - dueNanos), TimeUnit.NANOSECONDS);
          next(vertx);
        });
  }
}
