package io.concert.catalog;

/** A place on the plan; y grows downwards. The unit is the plan's own. */
public record Point(double x, double y) {}
