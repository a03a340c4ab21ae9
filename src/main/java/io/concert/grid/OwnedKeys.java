package io.concert.grid;

import com.hazelcast.cluster.Cluster;
import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import com.hazelcast.partition.Partition;
import com.hazelcast.partition.PartitionService;
import io.vertx.core.Vertx;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which of a map's keys this member owns. A key that was asked for on this member is known, and
 * only its ownership, a look into a table, is asked each time. All others are listed in the
 * background, as a key moves here also if nobody asks for it.
 *
 * <p>Listing asks each partition, and while partitions change hands each of these calls is repeated
 * many times a second: on a busy machine that keeps heartbeats from being sent, and members lose
 * one another again. So it is done seldom, not while a partition has no owner, and rarer if it
 * fails.
 */
final class OwnedKeys {
  private static final Logger log = LoggerFactory.getLogger(OwnedKeys.class);
  private static final long REFRESH_NANOS = 2_000_000_000L;
  private static final long AFTER_FAILURE_NANOS = 10_000_000_000L;

  private final Vertx vertx;
  private final IMap<String, ?> map;
  private final PartitionService partitions;
  private final Cluster cluster;
  private final Set<String> seen = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean refreshing = new AtomicBoolean();
  private volatile long nextNanos = System.nanoTime();
  private volatile boolean failed;

  OwnedKeys(Vertx vertx, IMap<String, ?> map, HazelcastInstance member) {
    this.vertx = vertx;
    this.map = map;
    this.partitions = member.getPartitionService();
    this.cluster = member.getCluster();
  }

  /** A key that has just been installed or asked for, here or elsewhere. */
  void noticed(String key) {
    if (!seen.contains(key)) {
      seen.add(key);
    }
  }

  Set<String> now() {
    if (System.nanoTime() - nextNanos >= 0 && refreshing.compareAndSet(false, true)) {
      refresh();
    }
    return seen.stream().filter(this::isMine).collect(Collectors.toUnmodifiableSet());
  }

  private boolean isMine(String key) {
    var owner = partitions.getPartition(key).getOwner();
    return owner != null && owner.localMember();
  }

  private void refresh() {
    if (!eachHasAnOwner()) {
      refreshed(REFRESH_NANOS);
      return;
    }
    vertx
        .executeBlocking(map::localKeySet, false)
        .onSuccess(
            keys -> {
              seen.retainAll(keys);
              seen.addAll(keys);
              if (failed) {
                failed = false;
                log.info("can list the keys of {} again", map.getName());
              }
              refreshed(REFRESH_NANOS);
            })
        .onFailure(
            failure -> {
              if (!failed) {
                failed = true;
                log.warn(
                    "can't list the keys of {}, will go on trying: {}",
                    map.getName(),
                    failure.toString());
              }
              refreshed(AFTER_FAILURE_NANOS);
            });
  }

  private boolean eachHasAnOwner() {
    Set<Member> members = cluster.getMembers();
    return partitions.getPartitions().stream()
        .map(Partition::getOwner)
        .allMatch(owner -> owner != null && members.contains(owner));
  }

  private void refreshed(long restNanos) {
    nextNanos = System.nanoTime() + restNanos;
    refreshing.set(false);
  }
}
