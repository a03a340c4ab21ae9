package io.concert.grid;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.map.IMap;
import io.concert.domain.Aggregate;
import io.concert.domain.Fault;
import io.concert.grid.api.AggregateType;
import io.concert.grid.api.ClusterLock;
import io.concert.grid.api.ReplicatedAggregate;
import io.concert.trace.Spans;
import io.concert.trace.Step;
import io.concert.trace.Traces;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Aggregates as values of one Hazelcast map. Nothing here blocks. */
final class HazelcastAggregate<A extends Aggregate<C, E, R>, C, E, R>
    implements ReplicatedAggregate<A, C, E, R> {
  private static final Duration LOAD_LEASE = Duration.ofSeconds(10);
  private static final Duration RETRY_PAUSE = Duration.ofMillis(50);
  private static final int MOST_TRIES = 40;

  private final Vertx vertx;
  private final GridTypes types;
  private final AggregateType<A, C, E, R> type;
  private final IMap<String, ReplicaValue<A, C, E, R>> map;
  private final OwnedKeys ownedKeys;
  private final Loader<A> loader;
  private final ClusterLock lock;
  private final InstantSource clock;
  private final History history;
  private final OperationTimes times;
  private final Map<String, Future<Void>> loading = new ConcurrentHashMap<>();

  HazelcastAggregate(
      Vertx vertx,
      GridTypes types,
      AggregateType<A, C, E, R> type,
      IMap<String, ReplicaValue<A, C, E, R>> map,
      OwnedKeys ownedKeys,
      Loader<A> loader,
      ClusterLock lock,
      InstantSource clock,
      History history,
      OperationTimes times) {
    this.vertx = vertx;
    this.types = types;
    this.type = type;
    this.map = map;
    this.ownedKeys = ownedKeys;
    this.loader = loader;
    this.lock = lock;
    this.clock = clock;
    this.history = history;
    this.times = times;
  }

  @Override
  public Future<R> submit(String key, C command) {
    long operation = ThreadLocalRandom.current().nextLong();
    ownedKeys.noticed(key);
    long began = System.nanoTime();
    Step step = step(command);
    return attempt(new Asked<>(key, history.number(), operation, command, step.text()), MOST_TRIES)
        .onComplete(
            reply -> {
              times.ended(began, reply.cause());
              step.end(reply.cause());
            });
  }

  /** What nodes do by themselves belongs to no trace. */
  private Step step(C command) {
    Spans spans = Traces.spans();
    return spans.areOn()
        ? spans.step(type.map() + " " + command.getClass().getSimpleName(), spans.here())
        : Step.NONE;
  }

  /**
   * The same over all tries: none of them may run the operation a second time, nor tell a copy what
   * was read from an end of the database that is lost meanwhile.
   */
  private record Asked<C>(String key, long history, long operation, C command, String trace) {}

  private Future<R> attempt(Asked<C> asked, int triesLeft) {
    return run(asked.key(), processor(asked))
        .recover(failure -> findOut(asked, failure))
        .compose(reply -> reply == null ? loaded(asked, triesLeft) : answer(reply));
  }

  private Future<R> answer(Reply<A, C, E, R> reply) {
    return switch (reply.kind()) {
      case VALUE -> Future.succeededFuture(reply.value());
      case ASKER_IS_BEHIND ->
          history.look().compose(number -> Future.failedFuture(anotherHistory()));
    };
  }

  private Future<R> loaded(Asked<C> asked, int triesLeft) {
    if (triesLeft == 0) {
      return doesNotLoad(asked.key());
    }
    return load(asked.key())
        .compose(
            done ->
                history.number() == asked.history()
                    ? attempt(asked, triesLeft - 1)
                    : Future.failedFuture(anotherHistory()));
  }

  private Future<R> doesNotLoad(String key) {
    return Future.failedFuture(
        new Fault(Fault.Kind.UNAVAILABLE, type.map() + "/" + key + " doesn't load"));
  }

  private static Fault anotherHistory() {
    return new Fault(Fault.Kind.UNAVAILABLE, "the database has gone back to an earlier state");
  }

  /**
   * The same operation once more: it finds the answer of the first if that has run, for instance on
   * an owner whose backup died before it had confirmed.
   */
  private Future<Reply<A, C, E, R>> findOut(Asked<C> asked, Throwable failure) {
    return Fault.of(failure).kind() == Fault.Kind.OUTCOME_UNKNOWN
        ? run(asked.key(), processor(asked))
        : Future.failedFuture(failure);
  }

  private CommandProcessor<A, C, E, R> processor(Asked<C> asked) {
    return new CommandProcessor<>(
        types,
        type,
        asked.history(),
        asked.operation(),
        clock.millis(),
        asked.command(),
        asked.trace());
  }

  /** At most one load of a key at a time in this node; the cluster lock sees to the others. */
  private Future<Void> load(String key) {
    return loading.computeIfAbsent(
        key,
        missing ->
            lock.tryRun(type.map() + "/" + key, LOAD_LEASE, () -> loadAndInstall(key))
                .compose(ran -> ran ? Future.succeededFuture() : pause())
                .onComplete(done -> vertx.runOnContext(end -> loading.remove(key))));
  }

  /** Somebody else is loading it. */
  private Future<Void> pause() {
    return vertx.timer(RETRY_PAUSE.toMillis(), TimeUnit.MILLISECONDS).mapEmpty();
  }

  /** The history is looked at first: what is read afterwards is of that one, or of a later one. */
  private Future<Void> loadAndInstall(String key) {
    return history
        .look()
        .compose(
            number ->
                run(key, new GenerationProcessor<A, C, E, R>())
                    .compose(above -> loader.load(key, above))
                    .map(loaded -> new ReplicaValue<>(types, Replica.of(type, loaded, number))))
        .compose(value -> run(key, new InstallProcessor<>(types, value, false)))
        .onSuccess(installed -> ownedKeys.noticed(key))
        .mapEmpty();
  }

  private <T> Future<T> run(
      String key, EntryProcessor<String, ReplicaValue<A, C, E, R>, T> processor) {
    CompletionStage<T> stage;
    try {
      stage = map.submitToKey(key, processor);
    } catch (RuntimeException e) {
      return Future.failedFuture(GridFaults.of(e));
    }
    return Future.fromCompletionStage(stage, vertx.getOrCreateContext())
        .recover(failure -> Future.failedFuture(GridFaults.of(failure)));
  }

  @Override
  public Set<String> ownedKeys() {
    return ownedKeys.now();
  }

  /**
   * @return the owner's running digest, null without an aggregate
   */
  Future<Long> digest(String key) {
    return run(key, new DigestProcessor<>());
  }
}
