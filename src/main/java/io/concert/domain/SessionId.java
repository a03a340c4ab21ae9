package io.concert.domain;

/** An admission to a waiting room's concerts: one row of {@code room_session}. */
public record SessionId(long number) {}
