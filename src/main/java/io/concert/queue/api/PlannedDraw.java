package io.concert.queue.api;

/**
 * An opening to come, whose pre-queue will be drawn.
 *
 * @param firstEpoch places of this epoch and later ones take part
 * @param opensAtMillis database time
 * @param commitment SHA-256 of the secret seed, in hexadecimal
 */
public record PlannedDraw(int firstEpoch, long opensAtMillis, String commitment) {}
