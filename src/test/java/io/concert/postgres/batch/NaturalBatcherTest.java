package io.concert.postgres.batch;

import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concert.domain.Fault;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NaturalBatcherTest {
  private static final Vertx vertx = Vertx.vertx();

  private final List<List<Integer>> batches = new CopyOnWriteArrayList<>();
  private final List<Promise<List<String>>> running = new CopyOnWriteArrayList<>();

  @AfterAll
  static void close() {
    vertx.close().await();
  }

  @Test
  void idleBatcherSendsAtOnceAndABusyOneGathers() {
    var batcher = new NaturalBatcher<Integer, String>(vertx, new BatchLimits(3, 1, 10), this::hang);
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
  void secondBatchLeavesBesideAFreshOneOnlyHalfFull() {
    var batcher =
        batcher(new BatchLimits(4, 2, 10), new BatchTimes(Duration.ZERO, Duration.ofMinutes(1)));
    for (int i = 0; i < 4; i++) {
      assertThat(batcher.submit(i).isComplete()).isFalse();
    }
    assertThat(batches).containsExactly(List.of(0), List.of(1, 2));

    running.get(1).complete(List.of("1", "2"));
    assertThat(batches).as("one still under way").hasSize(2);
    running.get(0).complete(List.of("0"));
    assertThat(batches).containsExactly(List.of(0), List.of(1, 2), List.of(3));
  }

  @Test
  void smallBatchesLeaveApart() {
    Duration apart = Duration.ofMillis(500);
    var batcher = apart(apart, new BatchLimits(64, 3, 10));
    long began = System.nanoTime();
    for (int i = 0; i < 3; i++) {
      assertThat(batcher.submit(i).isComplete()).isFalse();
      until(() -> !running.isEmpty());
      running.get(0).tryComplete(List.of("0"));
    }
    assertThat(batches).as("the first at once").containsExactly(List.of(0));

    until(() -> running.size() == 2);
    assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(apart.toNanos());
    assertThat(batches).containsExactly(List.of(0), List.of(1, 2));
    running.get(1).complete(List.of("1", "2"));
    assertThat(batcher.submit(3).isComplete()).isFalse();
    until(() -> running.size() == 3);
    assertThat(batches).as("woken up again").endsWith(List.of(3));
  }

  @Test
  void halfFullBatchLeavesWhateverHasJustLeft() {
    var batcher = apart(Duration.ofMinutes(1), new BatchLimits(4, 1, 10));
    assertThat(batcher.submit(0).isComplete()).isFalse();
    running.get(0).complete(List.of("0"));
    assertThat(batcher.submit(1).isComplete()).isFalse();
    assertThat(batches).hasSize(1);

    assertThat(batcher.submit(2).isComplete()).isFalse();
    assertThat(batches).containsExactly(List.of(0), List.of(1, 2));
  }

  private NaturalBatcher<Integer, String> apart(Duration apart, BatchLimits limits) {
    return batcher(limits, new BatchTimes(apart, Duration.ofMinutes(1)));
  }

  private NaturalBatcher<Integer, String> batcher(BatchLimits limits, BatchTimes times) {
    return new NaturalBatcher<>(
        vertx,
        limits,
        times,
        BatchMetrics.unwatched(),
        command -> List.of(),
        (batch, wait) -> hang(batch));
  }

  @Test
  void nobodyWaitsForABatchThatTakesLong() {
    // Long enough for a test that is kept waiting itself.
    var batcher =
        batcher(new BatchLimits(64, 3, 10), new BatchTimes(Duration.ZERO, Duration.ofMillis(500)));
    var silent = batcher.submit(0);
    var next = batcher.submit(1);
    assertThat(batches).hasSize(1);
    until(() -> running.size() == 2);
    var third = batcher.submit(2);
    assertThat(batches).as("the second is fresh").hasSize(2);

    running.get(1).complete(List.of("1"));
    until(() -> running.size() == 3); // The first alone is overdue.
    running.get(2).complete(List.of("2"));
    running.get(0).complete(List.of("0"));
    until(() -> silent.isComplete() && next.isComplete() && third.isComplete());
    assertThat(List.of(silent.result(), next.result(), third.result()))
        .containsExactly("0", "1", "2");

    assertThat(batcher.submit(3).isComplete()).isFalse();
    assertThat(batcher.submit(4).isComplete()).isFalse();
    until(() -> running.size() == 4);
    assertThat(batches).as("nothing is overdue any more").hasSize(4);
  }

  @Test
  void eachCommandGetsItsOwnVerdict() {
    var batcher = new NaturalBatcher<Integer, String>(vertx, new BatchLimits(3, 1, 10), this::hang);
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
    var batcher = new NaturalBatcher<Integer, String>(vertx, new BatchLimits(1, 1, 2), this::hang);
    for (int i = 0; i < 3; i++) {
      assertThat(batcher.submit(i).isComplete()).isFalse();
    }

    assertThatThrownBy(() -> batcher.submit(3).await())
        .isInstanceOfSatisfying(
            Fault.class, fault -> assertThat(fault.kind()).isEqualTo(Fault.Kind.OVERLOADED));
  }

  @Test
  void batchThatTheDatabaseThrewOutIsRunOneByOne() {
    var thrownOut =
        new Fault(Fault.Kind.INTERNAL, "rolled back", new PgException("bad", "ERROR", "23514", ""));
    var batcher =
        blocked(
            batch ->
                batch.contains(2)
                    ? Future.failedFuture(thrownOut)
                    : Future.succeededFuture(texts(batch)));
    var blocker = batcher.submit(0);
    var good = batcher.submit(1);
    var bad = batcher.submit(2);
    running.get(0).complete(List.of("0"));

    assertThat(blocker.result()).isEqualTo("0");
    assertThat(good.result()).isEqualTo("1");
    assertThat(bad.failed()).isTrue();
  }

  /** Somebody else has the row of one of them: the others aren't kept waiting for it. */
  @ParameterizedTest
  @ValueSource(strings = {"55P03", "40P01"})
  void batchThatWasLockedOutIsRunOneByOneWithLittlePatience(String state) {
    var lockedOut =
        new Fault(Fault.Kind.UNAVAILABLE, "locked", new PgException("", "ERROR", state, ""));
    List<LockWait> waits = new ArrayList<>();
    var batcher =
        new NaturalBatcher<Integer, String>(
            vertx,
            new BatchLimits(3, 1, 10),
            BatchMetrics.unwatched(),
            command -> List.of(),
            (batch, wait) -> {
              waits.add(wait);
              if (batch.contains(2)) {
                return Future.failedFuture(lockedOut);
              }
              return batch.contains(0) ? hang(batch) : Future.succeededFuture(texts(batch));
            });
    var blocker = batcher.submit(0);
    var before = batcher.submit(1);
    var locked = batcher.submit(2);
    var after = batcher.submit(3);
    running.get(0).complete(List.of("0"));

    assertThat(blocker.result()).isEqualTo("0");
    assertThat(before.result()).isEqualTo("1");
    assertThat(locked.cause()).isEqualTo(lockedOut);
    assertThat(after.result()).isEqualTo("3");
    assertThat(waits)
        .containsExactly(
            LockWait.USUAL, LockWait.USUAL, LockWait.SHORT, LockWait.SHORT, LockWait.SHORT);
  }

  /** What was committed must not be done again because its answer couldn't be understood. */
  @Test
  void defectBehindTheCommitIsAnUnknownOutcomeAndNeverRunAgain() {
    var batcher = blocked(batch -> Future.failedFuture(new IllegalStateException("verdict 17")));
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

  @Test
  void commandsThatTouchTheSameThingNeverShareABatchAndKeepTheirOrder() {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    List<Set<Integer>> things = new ArrayList<>();
    var batcher =
        new NaturalBatcher<Integer, String>(
            vertx,
            new BatchLimits(8, 2, 1_000),
            new BatchTimes(Duration.ZERO, Duration.ofMinutes(1)),
            BatchMetrics.unwatched(),
            command -> things.get(command),
            (batch, wait) -> hang(batch));
    List<Future<String>> verdicts = new ArrayList<>();
    for (int command = 0; command < 600; command++) {
      Set<Integer> wanted = new HashSet<>();
      for (int i = 0; i <= random.nextInt(3); i++) {
        wanted.add(random.nextInt(random.nextBoolean() ? 4 : 200));
      }
      things.add(wanted);
      verdicts.add(batcher.submit(command));
    }
    for (int i = 0; i < running.size(); i++) {
      running.get(i).complete(texts(batches.get(i)));
    }

    Map<Integer, Integer> last = new HashMap<>();
    for (List<Integer> batch : batches) {
      Set<Integer> inBatch = new HashSet<>();
      for (int command : batch) {
        for (int thing : things.get(command)) {
          assertThat(inBatch.add(thing)).as("seed %d, alone in its batch", seed).isTrue();
          assertThat(last.getOrDefault(thing, -1)).as("seed %d, order", seed).isLessThan(command);
          last.put(thing, command);
        }
      }
    }
    assertThat(batches.stream().mapToInt(List::size).max()).hasValue(8);
    for (int command = 0; command < 600; command++) {
      assertThat(verdicts.get(command).result()).isEqualTo(String.valueOf(command));
    }
  }

  @Test
  void otherCommandsPassThoseThatHaveToWait() {
    var batcher = touching(command -> List.of(command % 10));
    for (int command : new int[] {0, 1, 11, 21, 2, 3}) {
      assertThat(batcher.submit(command).isComplete()).isFalse();
    }
    running.get(0).complete(List.of("0"));
    running.get(1).complete(List.of("1", "2", "3"));
    running.get(2).complete(List.of("11"));

    assertThat(batches).containsExactly(List.of(0), List.of(1, 2, 3), List.of(11), List.of(21));
  }

  @Test
  void whatItDoesIsCounted() {
    var registry = new SimpleMeterRegistry();
    var batcher =
        new NaturalBatcher<Integer, String>(
            vertx,
            new BatchLimits(3, 1, 2),
            new BatchMetrics(registry, "test"),
            command -> List.of(command),
            (batch, wait) -> hang(batch));
    List<Future<String>> verdicts = new ArrayList<>();
    for (int command = 0; command < 4; command++) {
      verdicts.add(batcher.submit(command));
    }

    assertThat(verdicts.get(3).failed()).isTrue();
    assertThat(registry.get("batch_refused").counter().count()).isEqualTo(1);
    assertThat(registry.get("batch_backlog").gauge().value()).isEqualTo(2);
    running.get(0).complete(List.of("0"));
    running.get(1).complete(List.of("1", "2"));
    assertThat(registry.get("batch_backlog").gauge().value()).isZero();
    assertThat(registry.get("batch_size").summary().totalAmount()).isEqualTo(3);
    assertThat(registry.get("batch_wait").timer().count()).isEqualTo(3);
    assertThat(registry.get("batch_run").timer().count()).isEqualTo(2);
  }

  /** Nobody else may suffer from a command that can't even say what it touches. */
  @Test
  void commandThatCannotSayWhatItTouchesIsNotTaken() {
    var batcher = touching(command -> List.of(10 / command));

    assertThatThrownBy(() -> batcher.submit(0)).isInstanceOf(ArithmeticException.class);
    var next = batcher.submit(5);
    running.get(0).complete(List.of("5"));
    assertThat(next.result()).isEqualTo("5");
  }

  /** The batch with command 0 hangs, and the others wait for it. */
  private NaturalBatcher<Integer, String> blocked(
      Function<List<Integer>, Future<List<String>>> others) {
    return new NaturalBatcher<>(
        vertx,
        new BatchLimits(3, 1, 10),
        batch -> {
          batches.add(batch);
          return batch.contains(0) ? hang(batch) : others.apply(batch);
        });
  }

  private NaturalBatcher<Integer, String> touching(Function<Integer, List<Integer>> things) {
    return new NaturalBatcher<>(
        vertx,
        new BatchLimits(3, 1, 10),
        BatchMetrics.unwatched(),
        things,
        (batch, wait) -> hang(batch));
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
