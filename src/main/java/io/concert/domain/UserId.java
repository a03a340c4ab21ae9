package io.concert.domain;

/**
 * A user's public number. Unlike the UUID it is no secret: it may stand in logs, tokens and lists.
 *
 * @param number positive, given by the database
 */
public record UserId(long number) {}
