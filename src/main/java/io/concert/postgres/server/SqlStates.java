package io.concert.postgres.server;

import io.concert.domain.Fault;

/**
 * What an SQLSTATE says about the statement that met it. The table in src/docs/architecture.md
 * gives the reasons; the order here is from the special code to its class.
 *
 * <p>The server has answered, so the transaction is over and rolled back. The exceptions are a
 * server that says good-bye (57P0x) or complains about the link (08xxx): it may have committed just
 * before.
 */
public final class SqlStates {
  public static final String READ_ONLY = "25006";
  public static final String TOO_MANY_CONNECTIONS = "53300";

  private SqlStates() {}

  /**
   * @param state five characters, or anything else for none
   */
  public static Fault.Kind kind(String state) {
    return switch (state) {
      case READ_ONLY, // A standby, or a primary that has been demoted or guards its disk.
          "25P03", // Idle in the transaction for too long; the session ends with it.
          "25P04", // The transaction took too long.
          "26000", // The prepared statement is on another connection of a pooler.
          "42P05", // The same, the other way round.
          "57014", // Cancelled, or its time is over.
          "57P03", // The server starts or stops and took nothing.
          "57P04" -> // The database is being dropped.
          Fault.Kind.UNAVAILABLE;
      // A constraint: of the command, not of the moment.
      case "40002" -> Fault.Kind.INTERNAL;
      case "40003" -> Fault.Kind.OUTCOME_UNKNOWN;
      default -> kindOfClass(state.length() == 5 ? state.substring(0, 2) : "");
    };
  }

  private static Fault.Kind kindOfClass(String sqlClass) {
    return switch (sqlClass) {
      case "08" -> Fault.Kind.OUTCOME_UNKNOWN;
      case "57" -> Fault.Kind.OUTCOME_UNKNOWN;
      // Deadlock and serialization; memory, disk, connections; locks; the system's own errors.
      case "40", "53", "55", "58" -> Fault.Kind.UNAVAILABLE;
      // XX too: a damaged row is at fault and not the moment, and its neighbours can go on.
      default -> Fault.Kind.INTERNAL;
    };
  }
}
