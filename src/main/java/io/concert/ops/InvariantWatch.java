package io.concert.ops;

import io.concert.ops.Invariants.Violation;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks the invariants now and then and says how many are violated. One node at a time does it;
 * the gauge of a node that hasn't for a while, or couldn't, is not a number: "none" would be a
 * claim.
 */
public final class InvariantWatch {
  private static final Logger log = LoggerFactory.getLogger(InvariantWatch.class);
  private static final List<String> NAMES = List.of("I1", "I2", "I3", "I4", "I13");

  /**
   * It reads all the books, and people are buying meanwhile: two per cent of a core are its share.
   */
  private static final int REST = 50;

  /** Beyond the time of the next round: two of a minute and a bit. */
  private static final long GRACE_NANOS = 150_000_000_000L;

  private final Invariants invariants;
  private final Map<String, Integer> counts = new ConcurrentHashMap<>();
  private volatile long nextNanos = System.nanoTime();
  private volatile boolean checked;

  public InvariantWatch(Invariants invariants, MeterRegistry registry) {
    this.invariants = invariants;
    for (String name : NAMES) {
      Gauge.builder("invariant_violations", this, watch -> watch.violations(name))
          .description("What must never be, found in the database; at most a hundred are counted")
          .tag("invariant", name)
          .register(registry);
    }
  }

  /** {@link #check}, unless it isn't time again for books as large as these. */
  public Future<Void> checkIfRested() {
    return System.nanoTime() - nextNanos < 0 ? Future.succeededFuture() : check();
  }

  /** One round. Fails, and knows nothing then, if the database doesn't answer. */
  public Future<Void> check() {
    long began = System.nanoTime();
    return invariants
        .check()
        .map(
            found -> {
              counts.clear();
              found.forEach(violation -> counts.merge(violation.invariant(), 1, Integer::sum));
              long ended = System.nanoTime();
              nextNanos = ended + REST * (ended - began);
              checked = true;
              found.forEach(InvariantWatch::say);
              return (Void) null;
            })
        .onFailure(failure -> checked = false);
  }

  private static void say(Violation violation) {
    log.error("invariant {} is violated: {}", violation.invariant(), violation.offender());
  }

  private double violations(String name) {
    boolean fresh = checked && System.nanoTime() - nextNanos < GRACE_NANOS;
    return fresh ? counts.getOrDefault(name, 0) : Double.NaN;
  }
}
