package io.concert.grid;

import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class GridMetricsIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void tellsWhatAMemberKeepsAndWhetherItIsSafe() {
    Vertx vertx = Vertx.vertx();
    List<Grid> grids = TestGrid.cluster(2);
    try {
      grids.get(0).tell(registry, vertx);

      until(
          "safe partitions",
          LIMIT,
          () -> registry.get("cluster_partitions_safe").gauge().value() == 1);
      for (String map : List.of("rooms", "seats")) {
        for (String copy : List.of("owned", "backup")) {
          assertThat(
                  registry.get("cluster_entries").tag("map", map).tag("copy", copy).gauge().value())
              .isZero();
        }
      }
    } finally {
      vertx.close().await();
      grids.forEach(Grid::terminate);
    }
  }
}
