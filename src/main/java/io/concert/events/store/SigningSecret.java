package io.concert.events.store;

import io.vertx.core.buffer.Buffer;

/**
 * What deliveries are signed with.
 *
 * @param id as receivers know it: {@code k} and its number among the webhook's
 * @param bytes 32 of them
 */
public record SigningSecret(String id, Buffer bytes) {
  @Override
  public String toString() {
    return id; // Never the bytes.
  }
}
