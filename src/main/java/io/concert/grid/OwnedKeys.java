package io.concert.grid;

import com.hazelcast.map.IMap;
import com.hazelcast.partition.PartitionService;
import io.vertx.core.Vertx;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which of a map's keys this member owns. Asking Hazelcast goes over all partitions and blocks, so
 * the keys are read in the background at most once a second and only their ownership, a look into a
 * table, is asked each time: a key that has moved here is noticed within about a second.
 */
final class OwnedKeys {
  private static final Logger log = LoggerFactory.getLogger(OwnedKeys.class);
  private static final long REFRESH_NANOS = 1_000_000_000L;

  private final Vertx vertx;
  private final IMap<String, ?> map;
  private final PartitionService partitions;
  private final Set<String> seen = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean refreshing = new AtomicBoolean();
  private volatile long refreshedNanos = System.nanoTime() - REFRESH_NANOS;

  OwnedKeys(Vertx vertx, IMap<String, ?> map, PartitionService partitions) {
    this.vertx = vertx;
    this.map = map;
    this.partitions = partitions;
  }

  /** A key that has just been installed, here or elsewhere. */
  void noticed(String key) {
    seen.add(key);
  }

  Set<String> now() {
    if (System.nanoTime() - refreshedNanos >= REFRESH_NANOS
        && refreshing.compareAndSet(false, true)) {
      refresh();
    }
    return seen.stream().filter(this::isMine).collect(Collectors.toUnmodifiableSet());
  }

  private boolean isMine(String key) {
    var owner = partitions.getPartition(key).getOwner();
    return owner != null && owner.localMember();
  }

  private void refresh() {
    vertx
        .executeBlocking(map::localKeySet, false)
        .onSuccess(
            keys -> {
              seen.retainAll(keys);
              seen.addAll(keys);
            })
        .onFailure(failure -> log.warn("can't list the keys of {}", map.getName(), failure))
        .onComplete(
            done -> {
              refreshedNanos = System.nanoTime();
              refreshing.set(false);
            });
  }
}
