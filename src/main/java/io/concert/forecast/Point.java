package io.concert.forecast;

/**
 * A sale at one moment.
 *
 * @param millis since the opening
 * @param waiting people in line
 * @param inside people who have been let in and not gone yet
 * @param sold seats
 */
public record Point(int millis, int waiting, int inside, int sold) {}
