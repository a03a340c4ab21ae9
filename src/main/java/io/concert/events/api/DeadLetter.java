package io.concert.events.api;

import java.time.Instant;

/**
 * An event that a webhook was given up for.
 *
 * @param at when
 * @param attempts how often it was tried
 * @param error of the last attempt
 * @param wanted whether it is about to be tried once more
 */
public record DeadLetter(Event event, Instant at, int attempts, String error, boolean wanted) {}
