package io.concert.grid;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.LocalMapStats;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What Prometheus is told of this member. Whether its partitions are safe is asked of the other
 * members and may take seconds while one of them is lost: it is looked up beside the scrapes, which
 * would fail for it.
 */
final class GridMetrics {
  private static final Duration EVERY = Duration.ofSeconds(2);
  private static final List<String> MAPS = List.of("rooms", "seats");

  private final HazelcastInstance hazelcast;
  private volatile double safe = Double.NaN;

  private GridMetrics(HazelcastInstance hazelcast) {
    this.hazelcast = hazelcast;
  }

  /** Until {@code vertx} ends. */
  static void register(HazelcastInstance hazelcast, Vertx vertx, MeterRegistry registry) {
    GridMetrics metrics = new GridMetrics(hazelcast);
    Gauge.builder("cluster_partitions_safe", metrics, it -> it.safe)
        .description("Whether all that this member owns has its backup on another")
        .strongReference(true)
        .register(registry);
    for (String map : MAPS) {
      metrics.entries(registry, map, "owned", LocalMapStats::getOwnedEntryCount);
      metrics.entries(registry, map, "backup", LocalMapStats::getBackupEntryCount);
    }
    metrics.lookAgain(vertx);
  }

  private void entries(
      MeterRegistry registry, String map, String copy, ToDoubleFunction<LocalMapStats> count) {
    Gauge.builder("cluster_entries", this, it -> count.applyAsDouble(it.stats(map)))
        .description("Rooms, and dates whose seats are in memory, that this member keeps")
        .tag("map", map)
        .tag("copy", copy)
        .register(registry);
  }

  private LocalMapStats stats(String map) {
    return hazelcast.getMap(map).getLocalMapStats();
  }

  /** One look at a time, however long it takes. */
  private void lookAgain(Vertx vertx) {
    vertx.setTimer(
        EVERY.toMillis(),
        tick ->
            vertx
                .executeBlocking(() -> hazelcast.getPartitionService().isLocalMemberSafe(), false)
                .onSuccess(found -> safe = found ? 1 : 0)
                .onFailure(failure -> safe = Double.NaN)
                .onComplete(looked -> lookAgain(vertx)));
  }
}
