package io.concert.bus;

import java.time.Duration;

/**
 * Where one kind of request is served, and what goes there and back.
 *
 * @param name ends in the version of its messages: {@code reservation.hold.v1}. A changed message
 *     is a new address, so that nodes of two versions don't misread each other
 * @param request an immutable record
 * @param reply an immutable record, or a sealed interface of such
 * @param timeout shorter than the HTTP request's own; past it the outcome is unknown
 */
public record Address<Q, R>(String name, Class<Q> request, Class<R> reply, Duration timeout) {}
