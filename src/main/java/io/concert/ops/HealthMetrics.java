package io.concert.ops;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.IntSupplier;

/** This node's health and its cluster, as gauges. */
public final class HealthMetrics {
  private HealthMetrics() {}

  /**
   * @param health must be kept by the caller as long as the registry is
   * @param members how many members this node sees, itself included
   */
  public static void register(MeterRegistry registry, Health health, IntSupplier members) {
    Gauge.builder("node_ready", health, it -> it.ready() ? 1 : 0)
        .description("Whether this node takes requests")
        .register(registry);
    Gauge.builder("node_degraded", health, it -> it.degraded().isPresent() ? 1 : 0)
        .description("Whether something doesn't work on this node though it is ready: its database")
        .register(registry);
    Gauge.builder("cluster_members", members, IntSupplier::getAsInt)
        .description("Members of the cluster that this node sees, itself included")
        .strongReference(true)
        .register(registry);
  }
}
