package io.concert.events.store;

import io.concert.events.api.EventKind;
import io.concert.events.api.WebhookId;
import java.util.List;
import java.util.Set;

/**
 * A webhook that this node delivers.
 *
 * @param kinds of events that it wants
 * @param fence of this node's turn; what is noted under another one is ignored
 * @param secrets the newest first
 */
public record Leased(
    WebhookId id, String url, Set<EventKind> kinds, long fence, List<SigningSecret> secrets) {
  public Leased {
    kinds = Set.copyOf(kinds);
    secrets = List.copyOf(secrets);
  }
}
