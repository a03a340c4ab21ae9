package io.concert.postgres;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.util.concurrent.TimeUnit;

/** What Prometheus is told of a node's database connections. */
final class PoolMetrics {
  private final Timer lent;
  private final Timer failed;

  private PoolMetrics(MeterRegistry registry) {
    lent = timer(registry, "lent");
    failed = timer(registry, "failed");
  }

  static PoolMetrics of(SqlConnections connections, MeterRegistry registry) {
    Gauge.builder("database_pool_in_use", connections, SqlConnections::lent)
        .description("Connections that are lent or being made for somebody")
        .register(registry);
    Gauge.builder("database_pool_waiting", connections, SqlConnections::waiting)
        .description("Who waits for a connection")
        .register(registry);
    Gauge.builder("database_pool_limit", connections, SqlConnections::limit)
        .description(
            "Connections that this node may have: DATABASE_POOL, or what the server allows")
        .register(registry);
    return new PoolMetrics(registry);
  }

  /** Before anybody wants to know. */
  static PoolMetrics unwatched() {
    return new PoolMetrics(new CompositeMeterRegistry());
  }

  private static Timer timer(MeterRegistry registry, String outcome) {
    return Timer.builder("database_pool_acquire")
        .description("From asking for a connection to having it, or to the end of patience")
        .tag("outcome", outcome)
        .publishPercentileHistogram()
        .register(registry);
  }

  void acquired(boolean got, long nanos) {
    (got ? lent : failed).record(nanos, TimeUnit.NANOSECONDS);
  }
}
