package io.concert.grid;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.map.IMap;
import io.concert.domain.Aggregate;
import io.concert.domain.Fault;
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
  private final Map<String, Future<Void>> loading = new ConcurrentHashMap<>();

  HazelcastAggregate(
      Vertx vertx,
      GridTypes types,
      AggregateType<A, C, E, R> type,
      IMap<String, ReplicaValue<A, C, E, R>> map,
      OwnedKeys ownedKeys,
      Loader<A> loader,
      ClusterLock lock,
      InstantSource clock) {
    this.vertx = vertx;
    this.types = types;
    this.type = type;
    this.map = map;
    this.ownedKeys = ownedKeys;
    this.loader = loader;
    this.lock = lock;
    this.clock = clock;
  }

  @Override
  public Future<R> submit(String key, C command) {
    long operation = ThreadLocalRandom.current().nextLong();
    return attempt(key, operation, command, MOST_TRIES);
  }

  /** The operation keeps its id over all tries: none of them may run it a second time. */
  private Future<R> attempt(String key, long operation, C command, int triesLeft) {
    return run(key, processor(operation, command))
        .recover(failure -> findOut(key, operation, command, failure))
        .compose(
            reply -> {
              if (reply != null) {
                return Future.succeededFuture(reply.value());
              }
              if (triesLeft == 0) {
                return Future.failedFuture(
                    new Fault(Fault.Kind.UNAVAILABLE, type.map() + "/" + key + " doesn't load"));
              }
              return load(key).compose(done -> attempt(key, operation, command, triesLeft - 1));
            });
  }

  /**
   * The same operation once more: it finds the answer of the first if that has run, for instance on
   * an owner whose backup died before it had confirmed.
   */
  private Future<Reply<A, C, E, R>> findOut(
      String key, long operation, C command, Throwable failure) {
    return Fault.of(failure).kind() == Fault.Kind.OUTCOME_UNKNOWN
        ? run(key, processor(operation, command))
        : Future.failedFuture(failure);
  }

  private CommandProcessor<A, C, E, R> processor(long operation, C command) {
    return new CommandProcessor<>(types, type, operation, clock.millis(), command);
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

  private Future<Void> loadAndInstall(String key) {
    return loader
        .load(key)
        .map(aggregate -> new ReplicaValue<>(types, Replica.of(type, aggregate)))
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
