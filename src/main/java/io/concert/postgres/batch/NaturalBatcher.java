package io.concert.postgres.batch;

import io.concert.domain.Fault;
import io.concert.trace.Origin;
import io.concert.trace.Spans;
import io.concert.trace.Step;
import io.concert.trace.Traces;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * Natural batching (group commit): a batch leaves as soon as one of a few slots is free and takes
 * what has gathered meanwhile, so an idle system answers at once and a busy one fills its batches.
 * The price is that a command waits for a slot while others commit.
 *
 * <p>What a batch costs is for a good part the same for one command as for many, so few large ones
 * do more than many small ones. One that isn't half full therefore leaves only when none is under
 * way, or when that one takes long, and not too soon after the one before: otherwise a database
 * that is fast enough is kept busy by small batches, and everybody waits for its processors.
 *
 * <p>No two commands of a batch touch the same thing (the same account, the same seat): that is
 * what lets one set-based statement judge them all. Who touches what an earlier one does waits for
 * the next batch, so commands on one thing leave in the order in which they came.
 *
 * <p>Thread-safe. Memory is bounded by the backlog.
 */
public final class NaturalBatcher<C, V> implements Batcher<C, V> {
  /** How far past commands that have to wait a batch looks for others, in batches. */
  private static final int LOOK_AHEAD = 4;

  /** All commands of a batch together, when each is run alone: requests end some seconds later. */
  private static final Duration ONE_BY_ONE = Duration.ofSeconds(2);

  /** SQLSTATEs: a row was locked for too long; a deadlock, which ends one of those in it. */
  private static final Set<String> LOCKED_OUT = Set.of("55P03", "40P01");

  private final Vertx vertx;
  private final BatchLimits limits;
  private final BatchTimes times;
  private final BatchMetrics metrics;
  private final Function<C, ? extends Collection<?>> touches;
  private final BatchRun<C, V> run;
  private final ArrayDeque<Waiting<C, V>> backlog = new ArrayDeque<>();
  private int inFlight;
  private int overdue;
  private long leftNanos;
  private boolean isWakingUp;

  private record Waiting<C, V>(
      C command, Collection<?> touches, long sinceNanos, Promise<V> verdict, Origin origin) {}

  /**
   * @param touches what a command needs for itself within a batch; equal ones never share a batch
   */
  public NaturalBatcher(
      Vertx vertx,
      BatchLimits limits,
      BatchMetrics metrics,
      Function<C, ? extends Collection<?>> touches,
      BatchRun<C, V> run) {
    this(vertx, limits, BatchTimes.USUAL, metrics, touches, run);
  }

  NaturalBatcher(
      Vertx vertx,
      BatchLimits limits,
      BatchTimes times,
      BatchMetrics metrics,
      Function<C, ? extends Collection<?>> touches,
      BatchRun<C, V> run) {
    this.vertx = vertx;
    this.limits = limits;
    this.times = times;
    this.leftNanos = System.nanoTime() - times.apart().toNanos();
    this.metrics = metrics;
    this.touches = touches;
    this.run = run;
  }

  /** For reads, which may share a batch whatever they are about, and wait for nobody's lock. */
  public NaturalBatcher(Vertx vertx, BatchLimits limits, Function<List<C>, Future<List<V>>> run) {
    this(
        vertx,
        limits,
        BatchMetrics.unwatched(),
        command -> List.of(),
        (commands, wait) -> run.apply(commands));
  }

  @Override
  public Future<V> submit(C command) {
    Spans spans = Traces.spans();
    Promise<V> verdict = spans.promise(vertx);
    Waiting<C, V> waiting =
        new Waiting<>(command, touches.apply(command), System.nanoTime(), verdict, spans.here());
    synchronized (this) {
      if (backlog.size() >= limits.backlog()) {
        metrics.refused();
        return Future.failedFuture(
            new Fault(
                Fault.Kind.OVERLOADED, "backlog of " + limits.backlog() + " commands is full"));
      }
      backlog.add(waiting);
      metrics.gathered(backlog.size());
    }
    dispatch();
    return verdict.future();
  }

  private void dispatch() {
    for (List<Waiting<C, V>> batch = next(); !batch.isEmpty(); batch = next()) {
      leave(batch);
    }
  }

  private void leave(List<Waiting<C, V>> batch) {
    long left = System.nanoTime();
    batch.forEach(waiting -> metrics.waited(left - waiting.sinceNanos()));
    metrics.left(batch.size());
    AtomicBoolean isOverdue = new AtomicBoolean();
    judgeTraced(batch)
        .onComplete(
            done -> {
              metrics.judged(System.nanoTime() - left);
              synchronized (this) {
                inFlight--;
                if (isOverdue.getAndSet(true)) {
                  overdue--;
                }
              }
              dispatch();
            })
        .timeout(times.patience().toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(
            slow -> {
              synchronized (this) {
                if (!isOverdue.getAndSet(true)) {
                  overdue++;
                }
              }
              dispatch();
            });
  }

  /** The batch is a step of the oldest command's trace, and linked with those of the others. */
  private Future<Void> judgeTraced(List<Waiting<C, V>> batch) {
    Spans spans = Traces.spans();
    if (!spans.areOn()) {
      return judge(batch);
    }
    Step step =
        spans.shared("batch " + metrics.commands(), batch.stream().map(Waiting::origin).toList());
    return spans.within(step, vertx, () -> judge(batch)).onComplete(done -> step.end(done.cause()));
  }

  /** The oldest commands that don't touch the same things. Empty if nothing may leave now. */
  private synchronized List<Waiting<C, V>> next() {
    if (inFlight == limits.inFlight() || backlog.isEmpty() || isGathering()) {
      return List.of();
    }
    inFlight++;
    leftNanos = System.nanoTime();
    List<Waiting<C, V>> batch = new ArrayList<>(Math.min(limits.batch(), backlog.size()));
    Deque<Waiting<C, V>> passedOver = new ArrayDeque<>();
    Set<Object> touched = new HashSet<>();
    while (batch.size() < limits.batch()
        && passedOver.size() < LOOK_AHEAD * limits.batch()
        && !backlog.isEmpty()) {
      Waiting<C, V> oldest = backlog.remove();
      boolean free = Collections.disjoint(touched, oldest.touches());
      // Also what a passed over command touches is kept for it: the order on a thing stays.
      touched.addAll(oldest.touches());
      if (free) {
        batch.add(oldest);
      } else {
        passedOver.addLast(oldest);
      }
    }
    while (!passedOver.isEmpty()) {
      backlog.addFirst(passedOver.removeLast());
    }
    metrics.gathered(backlog.size());
    return batch;
  }

  private boolean isGathering() {
    if (backlog.size() >= limits.batch() / 2) {
      return false;
    }
    if (inFlight > overdue) {
      return true;
    }
    long tooSoon = leftNanos + times.apart().toNanos() - System.nanoTime();
    if (tooSoon > 0) {
      wakeUpIn(Duration.ofNanos(tooSoon));
    }
    return tooSoon > 0;
  }

  private void wakeUpIn(Duration time) {
    if (!isWakingUp) {
      isWakingUp = true;
      vertx.setTimer(
          time.toMillis() + 1,
          timer -> {
            synchronized (this) {
              isWakingUp = false;
            }
            dispatch();
          });
    }
  }

  /**
   * Never fails: each command's promise hears what happened to it. A batch that the database threw
   * out as a whole because of one command, or of a row that somebody else has locked, is run again
   * one by one, so that its neighbours come to no harm. A defect on this side of the commit is no
   * such thing: what had been committed would be done twice.
   */
  private Future<Void> judge(List<Waiting<C, V>> batch) {
    return attempt(batch, LockWait.USUAL)
        .recover(
            failure -> {
              Fault fault = Fault.of(failure);
              if (batch.size() > 1 && isLockedOut(fault)) {
                return oneByOne(batch, LockWait.SHORT);
              }
              if (batch.size() > 1 && fault.kind() == Fault.Kind.INTERNAL && isRolledBack(fault)) {
                return oneByOne(batch, LockWait.USUAL);
              }
              tell(batch, fault);
              return Future.succeededFuture();
            });
  }

  private static boolean isRolledBack(Fault fault) {
    return fault.getCause() instanceof PgException;
  }

  private static boolean isLockedOut(Fault fault) {
    return fault.getCause() instanceof PgException refused
        && LOCKED_OUT.contains(String.valueOf(refused.getSqlState()));
  }

  private void tell(List<Waiting<C, V>> batch, Fault fault) {
    Fault told =
        fault.kind() == Fault.Kind.INTERNAL && !isRolledBack(fault)
            ? new Fault(Fault.Kind.OUTCOME_UNKNOWN, "verdicts can't be read", fault)
            : fault;
    batch.forEach(waiting -> waiting.verdict().fail(told));
  }

  /** Who has no turn in time hears that nothing happened, as nothing did. */
  private Future<Void> oneByOne(List<Waiting<C, V>> batch, LockWait wait) {
    long untilNanos = System.nanoTime() + ONE_BY_ONE.toNanos();
    Future<Void> chain = Future.succeededFuture();
    for (Waiting<C, V> waiting : batch) {
      chain =
          chain.compose(
              before -> {
                if (System.nanoTime() - untilNanos >= 0) {
                  tell(List.of(waiting), new Fault(Fault.Kind.UNAVAILABLE, "no turn in time"));
                  return Future.succeededFuture();
                }
                return attempt(List.of(waiting), wait)
                    .onFailure(failure -> tell(List.of(waiting), Fault.of(failure)))
                    .otherwiseEmpty();
              });
    }
    return chain;
  }

  /** Fails if the batch had no verdicts; then nobody has been told anything. */
  private Future<Void> attempt(List<Waiting<C, V>> batch, LockWait wait) {
    return runSafely(batch.stream().map(Waiting::command).toList(), wait)
        .map(
            verdicts -> {
              for (int i = 0; i < verdicts.size(); i++) {
                batch.get(i).verdict().complete(verdicts.get(i));
              }
              return null;
            });
  }

  private Future<List<V>> runSafely(List<C> commands, LockWait wait) {
    try {
      return run.run(commands, wait).compose(verdicts -> complete(commands, verdicts));
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  /** Committed, but not telling what: that is an unknown outcome and not a failure to run again. */
  private Future<List<V>> complete(List<C> commands, List<V> verdicts) {
    return verdicts.size() == commands.size()
        ? Future.succeededFuture(verdicts)
        : Future.failedFuture(
            new Fault(
                Fault.Kind.OUTCOME_UNKNOWN,
                commands.size() + " commands got " + verdicts.size() + " verdicts"));
  }
}
