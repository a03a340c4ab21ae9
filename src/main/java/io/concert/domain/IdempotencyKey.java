package io.concert.domain;

import java.util.UUID;

/**
 * A client's idempotency key: one key, one effect, one answer.
 *
 * @param id stands for who sent it, the route and the key together; the same three always give the
 *     same id and no others do
 * @param body stands for what was asked; the same id with another body is refused
 */
public record IdempotencyKey(UUID id, UUID body) {}
