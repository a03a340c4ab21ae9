package io.concert.events.api;

import java.util.List;
import java.util.Optional;

/**
 * What is to be changed of a webhook; what is empty stays.
 *
 * @param kinds an empty list means all
 * @param rotate whether another secret is made; the one before signs beside it for a day
 */
public record WebhookChange(
    Optional<String> url,
    Optional<List<EventKind>> kinds,
    Optional<Boolean> active,
    boolean rotate) {
  public WebhookChange {
    kinds = kinds.map(List::copyOf);
  }
}
