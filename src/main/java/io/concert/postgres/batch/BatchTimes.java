package io.concert.postgres.batch;

import java.time.Duration;

/**
 * When batches leave that aren't half full.
 *
 * @param apart at least so long after the one before
 * @param patience who comes after a batch that takes this long needn't wait for it
 */
record BatchTimes(Duration apart, Duration patience) {
  /** Too little for a person to notice; at 1,000 commands a second they are five a batch. */
  static final BatchTimes USUAL = new BatchTimes(Duration.ofMillis(5), Duration.ofMillis(50));
}
