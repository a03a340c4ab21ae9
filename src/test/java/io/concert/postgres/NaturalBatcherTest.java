package io.concert.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concert.domain.Fault;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.pgclient.PgException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NaturalBatcherTest {
  private final List<List<Integer>> batches = new ArrayList<>();
  private final List<Promise<List<String>>> running = new ArrayList<>();

  @Test
  void idleBatcherSendsAtOnceAndABusyOneGathers() {
    var batcher = new NaturalBatcher<Integer, String>(new BatchLimits(3, 1, 10), this::hang);
    for (int i = 0; i < 6; i++) {
      assertThat(batcher.submit(i).isComplete()).isFalse();
    }

    assertThat(batches).containsExactly(List.of(0));
    running.get(0).complete(List.of("0"));
    assertThat(batches).containsExactly(List.of(0), List.of(1, 2, 3));
    running.get(1).complete(List.of("1", "2", "3"));
    assertThat(batches).containsExactly(List.of(0), List.of(1, 2, 3), List.of(4, 5));
  }

  @Test
  void eachCommandGetsItsOwnVerdict() {
    var batcher = new NaturalBatcher<Integer, String>(new BatchLimits(3, 1, 10), this::hang);
    var first = batcher.submit(1);
    var second = batcher.submit(2);
    var third = batcher.submit(3);
    running.get(0).complete(List.of("one"));
    running.get(1).complete(List.of("two", "three"));

    assertThat(first.result()).isEqualTo("one");
    assertThat(second.result()).isEqualTo("two");
    assertThat(third.result()).isEqualTo("three");
  }

  @Test
  void fullBacklogIsRefusedAtOnce() {
    var batcher = new NaturalBatcher<Integer, String>(new BatchLimits(1, 1, 2), this::hang);
    for (int i = 0; i < 3; i++) {
      assertThat(batcher.submit(i).isComplete()).isFalse();
    }

    assertThatThrownBy(() -> batcher.submit(3).await())
        .isInstanceOfSatisfying(
            Fault.class, fault -> assertThat(fault.kind()).isEqualTo(Fault.Kind.OVERLOADED));
  }

  @Test
  void batchThatTheDatabaseThrewOutIsRunOneByOne() {
    var batcher =
        new NaturalBatcher<Integer, String>(
            new BatchLimits(3, 1, 10),
            batch -> {
              batches.add(batch);
              return batch.contains(2)
                  ? Future.failedFuture(
                      new Fault(
                          Fault.Kind.INTERNAL,
                          "rolled back",
                          new PgException("bad", "ERROR", "23514", "")))
                  : batch.contains(0) ? hang(batch) : Future.succeededFuture(texts(batch));
            });
    var blocker = batcher.submit(0);
    var good = batcher.submit(1);
    var bad = batcher.submit(2);
    running.get(0).complete(List.of("0"));

    assertThat(blocker.result()).isEqualTo("0");
    assertThat(good.result()).isEqualTo("1");
    assertThat(bad.failed()).isTrue();
  }

  /** What was committed must not be done again because its answer couldn't be understood. */
  @Test
  void defectBehindTheCommitIsAnUnknownOutcomeAndNeverRunAgain() {
    var batcher =
        new NaturalBatcher<Integer, String>(
            new BatchLimits(3, 1, 10),
            batch -> {
              batches.add(batch);
              return batch.contains(0)
                  ? hang(batch)
                  : Future.failedFuture(new IllegalStateException("verdict 17"));
            });
    var blocker = batcher.submit(0);
    var one = batcher.submit(1);
    var two = batcher.submit(2);
    batches.clear();
    running.get(0).complete(List.of("0"));

    assertThat(blocker.succeeded()).isTrue();
    assertThat(batches).containsExactly(List.of(1, 2));
    assertThat(List.of(one.cause(), two.cause()))
        .allSatisfy(
            cause -> assertThat(Fault.of(cause).kind()).isEqualTo(Fault.Kind.OUTCOME_UNKNOWN));
  }

  private Future<List<String>> hang(List<Integer> batch) {
    if (batches.isEmpty() || batches.get(batches.size() - 1) != batch) {
      batches.add(batch);
    }
    Promise<List<String>> promise = Promise.promise();
    running.add(promise);
    return promise.future();
  }

  private static List<String> texts(List<Integer> batch) {
    return batch.stream().map(String::valueOf).toList();
  }
}
