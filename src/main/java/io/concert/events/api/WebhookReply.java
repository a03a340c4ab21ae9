package io.concert.events.api;

import io.concert.domain.KeyRefusal;
import java.util.Optional;

/** What a change of webhooks came to. */
public sealed interface WebhookReply {
  /**
   * @param secret where one was made: base64 of 32 bytes; told this once
   * @param replayed it was so for the first request with this key
   */
  record Done(Webhook webhook, Optional<String> secret, boolean replayed) implements WebhookReply {
    @Override
    public String toString() {
      return "Done[" + webhook + "]"; // Without the secret.
    }
  }

  /** Deleted, set back, or so many dead letters are tried again. */
  record Counted(long events, boolean replayed) implements WebhookReply {}

  record NoSuchWebhook() implements WebhookReply {}

  record TooMany() implements WebhookReply {}

  /** Events after that cursor have been deleted. */
  record TooOld() implements WebhookReply {}

  /** Nothing was changed: the actor's key stands in the way. */
  record KeyRefused(KeyRefusal reason) implements WebhookReply {}
}
