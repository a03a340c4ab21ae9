package io.concert.node;

import io.concert.ops.Health;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** This node's own view of how it is. */
final class NodeHealth implements Health {
  private volatile boolean started;
  private volatile boolean draining;
  private volatile boolean inMajority = true;
  private volatile @Nullable String outage;
  private volatile boolean outageIsOurs;

  void up() {
    started = true;
  }

  void goingDown() {
    draining = true;
  }

  void majority(boolean seen) {
    inMajority = seen;
  }

  /**
   * @param why in words for the operator, null when the database takes changes
   * @param isOurs whether it does for other nodes
   */
  void databaseOutage(@Nullable String why, boolean isOurs) {
    outage = why;
    outageIsOurs = isOurs;
  }

  @Override
  public boolean started() {
    return started;
  }

  @Override
  public boolean draining() {
    return draining;
  }

  @Override
  public boolean ready() {
    return started && !draining && inMajority && !outageIsOurs;
  }

  @Override
  public Optional<String> degraded() {
    return Optional.ofNullable(outage);
  }
}
