package io.concert.postgres;

import io.concert.domain.Fault;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.pgclient.PgException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Natural batching (group commit): no timer. A batch leaves as soon as one of a few slots is free
 * and takes what has gathered meanwhile, so an idle system answers at once and a busy one fills its
 * batches. The price is that a command waits for a slot while others commit.
 *
 * <p>Thread-safe. Memory is bounded by the backlog.
 */
public final class NaturalBatcher<C, V> implements Batcher<C, V> {
  private final int maxBatch;
  private final int maxInFlight;
  private final int maxBacklog;
  private final Function<List<C>, Future<List<V>>> run;
  private final ArrayDeque<Waiting<C, V>> backlog = new ArrayDeque<>();
  private int inFlight;

  private record Waiting<C, V>(C command, Promise<V> verdict) {}

  /**
   * @param maxBatch most commands in one batch
   * @param maxInFlight most batches at once
   * @param maxBacklog most commands waiting for a slot; one more is refused at once
   * @param run runs a batch of 1 to {@code maxBatch} commands as one transaction and gives a
   *     verdict for each in the same order
   */
  public NaturalBatcher(
      int maxBatch, int maxInFlight, int maxBacklog, Function<List<C>, Future<List<V>>> run) {
    this.maxBatch = maxBatch;
    this.maxInFlight = maxInFlight;
    this.maxBacklog = maxBacklog;
    this.run = run;
  }

  @Override
  public Future<V> submit(C command) {
    Promise<V> verdict = Promise.promise();
    synchronized (this) {
      if (backlog.size() >= maxBacklog) {
        return Future.failedFuture(
            new Fault(Fault.Kind.OVERLOADED, "backlog of " + maxBacklog + " commands is full"));
      }
      backlog.add(new Waiting<>(command, verdict));
    }
    dispatch();
    return verdict.future();
  }

  private void dispatch() {
    for (List<Waiting<C, V>> batch = next(); !batch.isEmpty(); batch = next()) {
      List<Waiting<C, V>> leaving = batch;
      judge(leaving)
          .onComplete(
              done -> {
                synchronized (this) {
                  inFlight--;
                }
                dispatch();
              });
    }
  }

  private synchronized List<Waiting<C, V>> next() {
    if (inFlight == maxInFlight || backlog.isEmpty()) {
      return List.of();
    }
    inFlight++;
    int size = Math.min(maxBatch, backlog.size());
    List<Waiting<C, V>> batch = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      batch.add(backlog.remove());
    }
    return batch;
  }

  /**
   * Never fails: each command's promise hears what happened to it. A batch that the database threw
   * out as a whole is run again one by one, so that the command at fault harms no neighbour. A
   * defect on this side of the commit is no such thing: what had been committed would be done
   * twice.
   */
  private Future<Void> judge(List<Waiting<C, V>> batch) {
    return runSafely(batch.stream().map(Waiting::command).toList())
        .map(
            verdicts -> {
              for (int i = 0; i < verdicts.size(); i++) {
                batch.get(i).verdict().complete(verdicts.get(i));
              }
              return (Void) null;
            })
        .recover(
            failure -> {
              Fault fault = Fault.of(failure);
              boolean rolledBack = fault.getCause() instanceof PgException;
              if (fault.kind() == Fault.Kind.INTERNAL && rolledBack && batch.size() > 1) {
                return oneByOne(batch);
              }
              Fault told =
                  fault.kind() == Fault.Kind.INTERNAL && !rolledBack
                      ? new Fault(Fault.Kind.OUTCOME_UNKNOWN, "verdicts can't be read", failure)
                      : fault;
              batch.forEach(waiting -> waiting.verdict().fail(told));
              return Future.succeededFuture();
            });
  }

  private Future<Void> oneByOne(List<Waiting<C, V>> batch) {
    Future<Void> chain = Future.succeededFuture();
    for (Waiting<C, V> waiting : batch) {
      chain = chain.compose(before -> judge(List.of(waiting)));
    }
    return chain;
  }

  private Future<List<V>> runSafely(List<C> commands) {
    try {
      return run.apply(commands).compose(verdicts -> complete(commands, verdicts));
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
