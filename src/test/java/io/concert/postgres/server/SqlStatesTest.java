package io.concert.postgres.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.Fault;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlStatesTest {
  @ParameterizedTest
  @CsvSource({
    "25006, UNAVAILABLE", // read-only
    "25P03, UNAVAILABLE", // idle in transaction too long
    "26000, UNAVAILABLE", // the prepared statement is elsewhere
    "42P05, UNAVAILABLE", // the same
    "40001, UNAVAILABLE", // serialization
    "40P01, UNAVAILABLE", // deadlock
    "40003, OUTCOME_UNKNOWN", // completion unknown
    "40002, INTERNAL", // a constraint
    "53100, UNAVAILABLE", // disk full
    "53200, UNAVAILABLE", // out of memory
    "53300, UNAVAILABLE", // too many connections
    "55P03, UNAVAILABLE", // a lock
    "57014, UNAVAILABLE", // cancelled
    "57P03, UNAVAILABLE", // can't connect now
    "57P01, OUTCOME_UNKNOWN", // told to stop
    "57P02, OUTCOME_UNKNOWN", // crashed beside us
    "58030, UNAVAILABLE", // I/O
    "08006, OUTCOME_UNKNOWN", // link
    "XX000, INTERNAL",
    "XX001, INTERNAL", // damaged row: of the command, not of the moment
    "22003, INTERNAL",
    "23505, INTERNAL",
    "42P01, INTERNAL",
    "'', INTERNAL",
    "null, INTERNAL"
  })
  void saysWhatMayBeConcluded(String state, Fault.Kind kind) {
    assertThat(SqlStates.kind(state)).isEqualTo(kind);
  }
}
