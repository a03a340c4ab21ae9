package io.concert.postgres.batch;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** What Prometheus is told of one kind of batched commands on this node. */
public final class BatchMetrics {
  private final String commands;
  private final DistributionSummary size;
  private final Timer wait;
  private final Timer run;
  private final Counter refused;
  private final AtomicInteger backlog = new AtomicInteger();

  /**
   * @param commands what the commands are: {@code pay}
   */
  public BatchMetrics(MeterRegistry registry, String commands) {
    this.commands = commands;
    size =
        DistributionSummary.builder("batch_size")
            .description("Commands that travelled in one batch")
            .tag("commands", commands)
            .serviceLevelObjectives(1, 2, 4, 8, 16, 32, 64)
            .register(registry);
    wait =
        Timer.builder("batch_wait")
            .description("How long a command waited for its batch to leave")
            .tag("commands", commands)
            .publishPercentileHistogram()
            .register(registry);
    run =
        Timer.builder("batch_run")
            .description("From a batch's leaving to its verdicts")
            .tag("commands", commands)
            .publishPercentileHistogram()
            .register(registry);
    refused =
        Counter.builder("batch_refused")
            .description("Commands refused at once as the backlog was full")
            .tag("commands", commands)
            .register(registry);
    Gauge.builder("batch_backlog", backlog, AtomicInteger::get)
        .description("Commands waiting for a batch")
        .tag("commands", commands)
        .register(registry);
  }

  /** For commands of which nobody wants to know. */
  public static BatchMetrics unwatched() {
    return new BatchMetrics(new CompositeMeterRegistry(), "unwatched");
  }

  /** What the commands are. */
  String commands() {
    return commands;
  }

  void gathered(int waiting) {
    backlog.set(waiting);
  }

  void refused() {
    refused.increment();
  }

  void waited(long nanos) {
    wait.record(nanos, TimeUnit.NANOSECONDS);
  }

  void left(int commands) {
    size.record(commands);
  }

  void judged(long nanos) {
    run.record(nanos, TimeUnit.NANOSECONDS);
  }
}
