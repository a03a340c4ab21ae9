package io.concert.events.delivery;

import java.time.Duration;

/**
 * How webhooks are delivered.
 *
 * @param look how often it is looked for something to deliver
 * @param lease how long a node that isn't heard of keeps a webhook
 * @param timeout of an attempt, from looking up the host to the status
 * @param attempts until an event is given up
 * @param firstPause after the first failure; it doubles with each further one
 * @param longestPause what it grows to
 */
public record DeliverySettings(
    Duration look,
    Duration lease,
    Duration timeout,
    int attempts,
    Duration firstPause,
    Duration longestPause) {
  /** Fifteen attempts are spread over about four hours. */
  public static final int DEFAULT_ATTEMPTS = 15;

  public static DeliverySettings usual(int attempts) {
    return new DeliverySettings(
        Duration.ofMillis(200),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        attempts,
        Duration.ofSeconds(1),
        Duration.ofHours(1));
  }
}
