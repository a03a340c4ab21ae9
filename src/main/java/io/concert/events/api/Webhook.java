package io.concert.events.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Where events are delivered.
 *
 * @param kinds which; empty: all
 * @param active whether they are delivered now; what happens meanwhile is delivered later
 * @param keyId names the secret that signs
 * @param deadLetters events that were given up
 * @param oldestUndeliveredSeconds since the oldest event that is still to be delivered was
 *     published; empty if there is none
 * @param error of the last attempt, where the next is still to be made
 */
public record Webhook(
    WebhookId id,
    String url,
    List<EventKind> kinds,
    boolean active,
    Instant createdAt,
    String keyId,
    long deadLetters,
    Optional<Long> oldestUndeliveredSeconds,
    Optional<String> error) {
  public Webhook {
    kinds = List.copyOf(kinds);
  }
}
