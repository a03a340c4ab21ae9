package io.concert.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concert.grid.api.ReplicatedAggregate;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReplicatedAggregateIT {
  private final Vertx vertx = Vertx.vertx();
  private final List<Grid> grids = new ArrayList<>();
  private final AtomicInteger loads = new AtomicInteger();

  @AfterEach
  void stop() {
    vertx.close().await();
    grids.forEach(Grid::terminate);
  }

  @Test
  void missingAggregateIsLoadedOnceHoweverManyAsk() {
    grids.add(TestGrid.alone(Counter.TYPE));
    var counters = counters(grids.get(0));

    List<Future<Counter.Total>> asked = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      asked.add(counters.submit("a", new Counter.Add(1)));
    }
    Future.all(asked).await();

    assertThat(total(counters, "a")).isEqualTo(1_100);
    assertThat(loads).hasValue(1);
    assertThat(counters.ownedKeys()).containsExactly("a");
  }

  /** Adds while the owner dies; every sum that was answered must be in the survivors' total. */
  @Test
  void nothingAcknowledgedIsLostAndNothingRunsTwiceWhenTheOwnerDies() {
    grids.addAll(TestGrid.cluster(3, Counter.TYPE));
    var counters = grids.stream().map(this::counters).toList();
    counters.get(0).submit("a", new Counter.Add(1)).await();
    int owner = owner(counters);
    var asking = counters.get((owner + 1) % 3);

    long acknowledged = 0;
    long unknown = 0;
    for (int i = 0; i < 2_000; i++) {
      if (i == 1_000) {
        grids.get(owner).terminate();
      }
      Future<Counter.Total> answer = asking.submit("a", new Counter.Add(1));
      try {
        answer.await(20, TimeUnit.SECONDS);
        acknowledged++;
      } catch (Exception e) {
        unknown++;
      }
    }

    assertThat(total(asking, "a")).isBetween(1_001 + acknowledged, 1_001 + acknowledged + unknown);
    assertThat(unknown).isLessThan(5);
    assertThat(loads).hasValue(1);
  }

  @Test
  void promotedBackupHasTheDigestThatTheOwnerHad() {
    grids.addAll(TestGrid.cluster(2, Counter.TYPE));
    var counters = grids.stream().map(this::counters).toList();
    List<Future<Counter.Total>> asked = new ArrayList<>();
    for (int i = 1; i <= 500; i++) {
      asked.add(counters.get(i % 2).submit("a", new Counter.Add(i)));
    }
    Future.all(asked).await();
    int owner = owner(counters);
    var survivor = counters.get(1 - owner);
    long before = survivor.digest("a").await();

    grids.get(owner).terminate();

    // Asked first, as it is asked again when the owner dies under it; it changes nothing.
    assertThat(total(survivor, "a")).isEqualTo(1_000 + 500 * 501 / 2);
    assertThat(survivor.digest("a").await()).isEqualTo(before);
    assertThat(loads).hasValue(1);
  }

  @Test
  void nodeThatBringsAnotherDatabaseDoesNotStart() {
    grids.addAll(TestGrid.cluster(1, Counter.TYPE));
    assertThatThrownBy(() -> TestGrid.strangerTo(grids.get(0)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("another database");
  }

  private HazelcastAggregate<Counter, Counter.Add, Counter.Added, Counter.Total> counters(
      Grid grid) {
    return (HazelcastAggregate<Counter, Counter.Add, Counter.Added, Counter.Total>)
        grid.replicated(
            vertx, grid.lock(vertx), InstantSource.system(), Counter.TYPE, this::loadFromNothing);
  }

  private Future<Counter> loadFromNothing(String key) {
    loads.incrementAndGet();
    return Future.succeededFuture(new Counter(1_000));
  }

  private static long total(
      ReplicatedAggregate<Counter, Counter.Add, Counter.Added, Counter.Total> counters,
      String key) {
    return counters.submit(key, new Counter.Add(0)).await().value();
  }

  private static int owner(
      List<HazelcastAggregate<Counter, Counter.Add, Counter.Added, Counter.Total>> counters) {
    for (int i = 0; ; i = (i + 1) % counters.size()) {
      if (counters.get(i).ownedKeys().contains("a")) {
        return i;
      }
    }
  }
}
