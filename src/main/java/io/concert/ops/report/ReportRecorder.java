package io.concert.ops.report;

import io.concert.ops.report.ReportSteps.Step;
import io.concert.postgres.job.RecurringTask;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Writes what this node counted down, once a step of ten seconds and only if there was something. A
 * node that dies loses the step that has begun. Without a database steps wait in memory, and when
 * there are too many of them the last goes on for as long as the database is away: nothing is lost
 * or counted twice.
 *
 * <p>Confined to one context.
 */
public final class ReportRecorder {
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofSeconds(30);

  /** An hour without a database, of some subjects. */
  static final int MOST_WAITING = 5_000;

  private static final int MOST_AT_ONCE = 1_000;

  private final TallyBoard board;
  private final ReportSteps store;
  private final InstantSource clock;
  private final List<Step> waiting = new ArrayList<>();
  private UUID node = UUID.randomUUID();
  private Instant begun;

  /**
   * @param clock the database's time
   */
  public ReportRecorder(TallyBoard board, ReportSteps store, InstantSource clock) {
    this.board = board;
    this.store = store;
    this.clock = clock;
    this.begun = stepOf(clock.instant());
  }

  /** Call from a verticle's context, whose end ends it. */
  public void start(Vertx vertx) {
    new RecurringTask(vertx, "write the report's steps", LONGEST, this::record).start(LOOK_EVERY);
  }

  /** Takes down the step that has ended, if one has, and writes what waits. */
  Future<Void> record() {
    Instant now = stepOf(clock.instant());
    if (!now.equals(begun) && waiting.size() < MOST_WAITING) {
      takeDown();
      begin(now);
    }
    return write();
  }

  /** Whatever was counted until now; for the end. */
  public Future<Void> finish() {
    takeDown();
    // A step that was taken down is never taken down again under the same name.
    node = UUID.randomUUID();
    return write();
  }

  private void takeDown() {
    board
        .take()
        .forEach((subject, figures) -> waiting.add(new Step(subject, begun, node, figures)));
  }

  /** A database that was put back has had these times already, perhaps with rows of this node. */
  private void begin(Instant step) {
    if (step.isBefore(begun)) {
      node = UUID.randomUUID();
    }
    begun = step;
  }

  private Future<Void> write() {
    if (waiting.isEmpty()) {
      return Future.succeededFuture();
    }
    List<Step> some = List.copyOf(waiting.subList(0, Math.min(MOST_AT_ONCE, waiting.size())));
    return store
        .write(some)
        .compose(
            done -> {
              waiting.removeAll(some);
              return write();
            });
  }

  static Instant stepOf(Instant time) {
    long seconds = ReportSteps.STEP.toSeconds();
    return Instant.ofEpochSecond(Math.floorDiv(time.getEpochSecond(), seconds) * seconds);
  }
}
