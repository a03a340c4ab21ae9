package io.concert.grid;

import com.hazelcast.map.IMap;
import io.concert.grid.api.ClusterLock;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hazelcast's map lock. It belongs to a thread and blocks it, so one worker thread takes and gives
 * back all of this node's; as it is reentrant for that thread, {@code held} keeps apart the work of
 * one node.
 */
final class HazelcastLock implements ClusterLock {
  private static final Logger log = LoggerFactory.getLogger(HazelcastLock.class);

  private final IMap<String, ?> locks;
  private final WorkerExecutor thread;
  private final Set<String> held = ConcurrentHashMap.newKeySet();

  HazelcastLock(Vertx vertx, IMap<String, ?> locks) {
    this.locks = locks;
    this.thread = vertx.createSharedWorkerExecutor("cluster-lock", 1);
  }

  @Override
  public Future<Boolean> tryRun(String name, Duration lease, Supplier<Future<Void>> work) {
    if (!held.add(name)) {
      return Future.succeededFuture(false);
    }
    return thread
        .executeBlocking(
            () ->
                locks.tryLock(
                    name, 0, TimeUnit.MILLISECONDS, lease.toMillis(), TimeUnit.MILLISECONDS))
        .recover(failure -> Future.failedFuture(GridFaults.of(failure)))
        .compose(
            taken ->
                taken
                    ? Future.future(promise -> work.get().onComplete(promise))
                        .eventually(() -> release(name))
                        .map(true)
                    : Future.succeededFuture(false))
        .onComplete(done -> held.remove(name));
  }

  /** A lease that has run out meanwhile isn't ours to give back. */
  private Future<Void> release(String name) {
    return thread
        .<Void>executeBlocking(
            () -> {
              locks.unlock(name);
              return null;
            })
        .onFailure(failure -> log.debug("lock {} was gone before its work ended", name, failure))
        .otherwiseEmpty();
  }
}
