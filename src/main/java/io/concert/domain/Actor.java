package io.concert.domain;

import java.util.Optional;

/**
 * Who changes what is sold or how, and by which request: for the audit log, and so that a request
 * that is sent again changes nothing again.
 *
 * @param operator the operator's name, or the service's own job
 * @param requestId the request that asked for it
 * @param key what the operator sent with it
 */
public record Actor(String operator, String role, String requestId, Optional<IdempotencyKey> key) {
  public Actor(String operator, String role, String requestId) {
    this(operator, role, requestId, Optional.empty());
  }
}
