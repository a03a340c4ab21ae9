package io.concert.grid;

import io.concert.domain.Fault;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How long commands to the aggregates of one type take, as the node that sent them sees it: the hop
 * to the owner, its queue, the change and its backup, and loading the aggregate where it was
 * missing. Costs two looks at the clock and one addition a command.
 */
final class OperationTimes {
  /** From a command on this node to one that waited for a lost owner. */
  private static final Duration[] BUCKETS = {
    Duration.ofNanos(100_000),
    Duration.ofNanos(250_000),
    Duration.ofNanos(500_000),
    Duration.ofMillis(1),
    Duration.ofNanos(2_500_000),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5)
  };

  private final Map<Outcome, Timer> timers = new EnumMap<>(Outcome.class);

  private enum Outcome {
    OK,
    /** Nothing happened: the cluster refused, or the aggregate couldn't be loaded. */
    FAULT,
    /** No answer in time: it isn't known whether it happened. */
    TIMEOUT
  }

  /**
   * @param map the type's
   */
  OperationTimes(MeterRegistry registry, String map) {
    for (Outcome outcome : Outcome.values()) {
      timers.put(
          outcome,
          Timer.builder("grid_operation")
              .description("Commands to rooms and seat maps, from sending to the answer")
              .tag("map", map)
              .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
              .serviceLevelObjectives(BUCKETS)
              .register(registry));
    }
  }

  /**
   * @param beganNanos when the command was sent, as {@code System.nanoTime}
   * @param failure null if there was an answer
   */
  void ended(long beganNanos, @Nullable Throwable failure) {
    Timer timer = timers.get(outcome(failure));
    if (timer != null) {
      timer.record(System.nanoTime() - beganNanos, TimeUnit.NANOSECONDS);
    }
  }

  private static Outcome outcome(@Nullable Throwable failure) {
    if (failure == null) {
      return Outcome.OK;
    }
    return Fault.of(failure).kind() == Fault.Kind.OUTCOME_UNKNOWN ? Outcome.TIMEOUT : Outcome.FAULT;
  }
}
