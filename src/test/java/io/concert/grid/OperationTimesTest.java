package io.concert.grid;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.Fault;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class OperationTimesTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final OperationTimes times = new OperationTimes(registry, "rooms");

  private long count(String outcome) {
    return registry.get("grid_operation").tags("map", "rooms", "outcome", outcome).timer().count();
  }

  @Test
  void countsByWhatMayBeConcluded() {
    times.ended(System.nanoTime(), null);
    times.ended(System.nanoTime(), null);
    times.ended(System.nanoTime(), new Fault(Fault.Kind.UNAVAILABLE, "refused"));
    times.ended(System.nanoTime(), new IllegalStateException("a defect"));
    times.ended(System.nanoTime(), new Fault(Fault.Kind.OUTCOME_UNKNOWN, "silent"));

    assertThat(count("ok")).isEqualTo(2);
    assertThat(count("fault")).isEqualTo(2);
    assertThat(count("timeout")).isEqualTo(1);
  }

  @Test
  void isThereBeforeTheFirstCommand() {
    assertThat(count("ok") + count("fault") + count("timeout")).isZero();
  }
}
