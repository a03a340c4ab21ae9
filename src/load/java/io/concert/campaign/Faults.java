package io.concert.campaign;

import static io.concert.Patience.letPass;

import java.time.Duration;
import java.util.Random;

/** What is done to the service, one after the other, by a seed. */
final class Faults {
  private static final Duration SUPERVISOR_TAKES = Duration.ofSeconds(1);
  private static final Duration READY_WITHIN = Duration.ofSeconds(150);

  private final Stage stage;
  private final HistoryLog record;
  private final Random random;

  Faults(Stage stage, HistoryLog record, long seed) {
    this.stage = stage;
    this.record = record;
    this.random = new Random(seed);
  }

  /** By the name that the command line knows. */
  enum Kind {
    /** SIGKILL of one node, started again after a second. */
    KILL,
    /** The same, and killed once more as soon as it is back among the others. */
    KILL_TWICE,
    /** SIGKILL of two nodes at once, both started again. */
    KILL_TWO,
    /** SIGSTOP of one for 20 s. */
    PAUSE,
    /** SIGSTOP of one for 75 s. */
    PAUSE_LONG,
    /** One node is cut off from the others for 25 s; it keeps its database. */
    CUT,
    /** One node is cut off from the others and from the database for 25 s. */
    CUT_WITH_DATABASE,
    /**
     * Node 1 is cut off with its copies; people go on with the others; those are killed and started
     * again; the cut heals, and the old copies find themselves in a majority.
     */
    OLD_COPY,
    /** SIGTERM of one node after the other, each started again and ready before the next. */
    ROLLING
  }

  void commit(Kind kind) {
    int node = 1 + random.nextInt(Stage.NODES);
    int other = 1 + node % Stage.NODES;
    long from = record.millis();
    System.out.printf("%7.1f s %s node %d%n", from / 1e3, kind, node);
    switch (kind) {
      case KILL -> killed(node);
      case KILL_TWICE -> {
        killed(node);
        awaitReady();
        killed(node);
      }
      case KILL_TWO -> {
        stage.kill(node);
        stage.kill(other);
        letPass(SUPERVISOR_TAKES);
        stage.start(node);
        stage.start(other);
      }
      case PAUSE -> paused(node, Duration.ofSeconds(20));
      case PAUSE_LONG -> paused(node, Duration.ofSeconds(75));
      case CUT -> cut(node, false);
      case CUT_WITH_DATABASE -> cut(node, true);
      case OLD_COPY -> oldCopy();
      case ROLLING -> rolling();
    }
    record.fault(kind.name(), "node" + node, from, record.millis());
    awaitReady();
    System.out.printf(
        "%7.1f s all ready, %.1f s after %s began%n",
        record.millis() / 1e3, (record.millis() - from) / 1e3, kind);
  }

  private void killed(int node) {
    stage.kill(node);
    letPass(SUPERVISOR_TAKES);
    stage.start(node);
  }

  private void paused(int node, Duration length) {
    stage.process(node).signal("STOP");
    letPass(length);
    stage.process(node).signal("CONT");
  }

  private void cut(int node, boolean database) {
    stage.network().cut(node, database, stage.databasePort());
    letPass(Duration.ofSeconds(25));
    stage.network().heal(node);
  }

  private void oldCopy() {
    stage.network().cut(1, false, stage.databasePort());
    letPass(Duration.ofSeconds(20));
    stage.kill(2);
    stage.kill(3);
    letPass(SUPERVISOR_TAKES);
    stage.start(2);
    stage.start(3);
    letPass(Duration.ofSeconds(2));
    stage.network().heal(1);
  }

  private void rolling() {
    for (int node = 1; node <= Stage.NODES; node++) {
      if (!stage.terminate(node, 30)) {
        throw new IllegalStateException("node " + node + " doesn't end within 30 s of SIGTERM");
      }
      stage.start(node);
      awaitReady();
    }
  }

  /** A service that doesn't come back is what the checker tells of, not an end of the campaign. */
  private void awaitReady() {
    stage.awaitReady(READY_WITHIN);
  }
}
