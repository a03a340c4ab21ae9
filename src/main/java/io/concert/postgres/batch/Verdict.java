package io.concert.postgres.batch;

/**
 * What a function of the database answers, as a number. The numbers stand in {@code
 * R__code_functions.sql}; they are stored, so each means the same for ever.
 */
public interface Verdict {
  int number();
}
