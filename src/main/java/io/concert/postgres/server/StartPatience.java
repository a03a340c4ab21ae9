package io.concert.postgres.server;

import io.concert.domain.Fault;
import io.vertx.pgclient.PgException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a node begins: its database may be starting, failing over or short of processor time just
 * then. What fails for a passing reason is tried again for a minute, and the log says so.
 */
public final class StartPatience {
  private static final Logger log = LoggerFactory.getLogger(StartPatience.class);
  private static final Duration SAY_EVERY = Duration.ofSeconds(10);
  private static final Duration REST = Duration.ofMillis(250);

  private final Duration atMost;

  public StartPatience() {
    this(Duration.ofMinutes(1));
  }

  public StartPatience(Duration atMost) {
    this.atMost = atMost;
  }

  /**
   * @param what completes "can't … yet" in the log
   * @param step may run several times; blocks
   * @throws IllegalStateException in words for the operator, if it failed for good or for all of
   *     the time
   */
  public <T> T call(String what, Callable<T> step) {
    long from = System.nanoTime();
    long saidNanos = from - SAY_EVERY.toNanos();
    while (true) {
      try {
        return step.call();
      } catch (Exception e) {
        long now = System.nanoTime();
        if (e instanceof InterruptedException) {
          Thread.currentThread().interrupt();
        }
        if (!isPassing(e) || now - from > atMost.toNanos()) {
          throw new IllegalStateException(what + " failed: " + e.getMessage(), e);
        }
        if (now - saidNanos >= SAY_EVERY.toNanos()) {
          saidNanos = now;
          log.warn("can't {} yet, will try for {} s: {}", what, atMost.toSeconds(), e.getMessage());
        }
        rest();
      }
    }
  }

  /** A wrong password or a missing database doesn't mend itself. */
  static boolean isPassing(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException refused && refused.getSQLState() != null) {
        Fault.Kind kind = SqlStates.kind(refused.getSQLState());
        return !wantsAnotherPassword(refused)
            && (kind == Fault.Kind.UNAVAILABLE || kind == Fault.Kind.OUTCOME_UNKNOWN);
      }
      if (cause instanceof Fault fault && fault.kind() != Fault.Kind.INTERNAL) {
        return !(fault.getCause() instanceof PgException refused)
            || SqlStates.kind(String.valueOf(refused.getSqlState())) != Fault.Kind.INTERNAL;
      }
    }
    return false;
  }

  /** The driver says 08004 if the server wants a password and there is none. */
  static boolean wantsAnotherPassword(SQLException refused) {
    String state = String.valueOf(refused.getSQLState());
    return state.startsWith("28") || state.equals("08004");
  }

  private static void rest() {
    try {
      Thread.sleep(REST.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while starting", e);
    }
  }
}
