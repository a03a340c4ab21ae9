package io.concert.ops;

import java.util.Optional;

/** What a load balancer and an operator ask a node about itself. */
public interface Health {
  /** Up and migrated, once; stays true. */
  boolean started();

  /** Fit for requests now: started, in a large enough cluster, not on the way down. */
  boolean ready();

  /** On the way down: still answering, but not for long. */
  default boolean draining() {
    return false;
  }

  /**
   * What doesn't work at the moment though the node is ready, in words for the operator. A database
   * outage is one: polls and seat lists go on, commands are told 503.
   */
  Optional<String> degraded();
}
