package io.concert.catalog.layout;

import io.concert.domain.Won;

/** A class of seats that cost the same. */
public record Grade(String name, Won price) {}
