package io.concert.node;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What has been started, so that it can be stopped in the reverse order, each part once. */
final class ShutdownSequence {
  private static final Logger log = LoggerFactory.getLogger(ShutdownSequence.class);

  private final Deque<Step> steps = new ArrayDeque<>();

  private record Step(String what, AutoCloseable stop) {}

  /**
   * @param what has come up
   */
  synchronized void up(String what, AutoCloseable stop) {
    steps.push(new Step(what, stop));
    log.debug("up: {}", what);
  }

  /**
   * Stops everything, also what comes after a part that can't be stopped.
   *
   * @return whether all stopped without complaint
   */
  synchronized boolean goDown() {
    boolean clean = true;
    while (!steps.isEmpty()) {
      Step step = steps.pop();
      try {
        step.stop.close();
      } catch (Exception e) {
        log.error("{} didn't stop cleanly", step.what, e);
        clean = false;
      }
    }
    return clean;
  }
}
