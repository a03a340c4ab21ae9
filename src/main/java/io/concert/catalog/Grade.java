package io.concert.catalog;

import io.concert.domain.Won;

/** A class of seats that cost the same. */
public record Grade(String name, Won price) {}
