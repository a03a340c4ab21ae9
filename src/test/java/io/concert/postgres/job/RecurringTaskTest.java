package io.concert.postgres.job;

import static io.concert.Patience.letPass;
import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Off the event loop here; the test and the timer never meet. */
class RecurringTaskTest {
  private final Vertx vertx = Vertx.vertx();
  private final List<Long> begun = new CopyOnWriteArrayList<>();
  private final List<Promise<Void>> running = new CopyOnWriteArrayList<>();
  private final RecurringTask task = new RecurringTask(vertx, "test", this::work);

  private Future<Void> work() {
    Promise<Void> promise = Promise.promise();
    begun.add(System.nanoTime());
    running.add(promise);
    return promise.future();
  }

  @AfterEach
  void close() {
    running.forEach(Promise::tryComplete);
    vertx.close().await();
  }

  @Test
  void newsIsLookedAtAtOnceWhenNothingIsUnderWay() {
    task.runAfterNews();

    assertThat(running).hasSize(1);
  }

  @Test
  void newsThatComesMeanwhileSharesOneMoreRun() {
    task.runAfterNews();
    task.runAfterNews();
    task.runAfterNews();
    assertThat(running).as("never two at once").hasSize(1);

    running.get(0).complete();
    until(() -> running.size() == 2);
    running.get(1).complete();
    letPass(Duration.ofMillis(100));
    assertThat(running).hasSize(2);
  }

  @Test
  void newsRightAfterARunWaitsForMoreAndIsLookedAt() {
    for (int run = 0; run < 4; run++) {
      int before = running.size();
      task.runAfterNews();
      task.runAfterNews();
      until(() -> running.size() == before + 1);
      running.get(before).complete();
    }

    for (int run = 1; run < begun.size(); run++) {
      assertThat(begun.get(run) - begun.get(run - 1)).isGreaterThanOrEqualTo(19_000_000);
    }
  }

  @Test
  void everyoneWhoWaitsSharesTheFirstRunThatKnowsTheNews() {
    Future<Void> first = task.runAfterNewsAndWait();
    List<Future<Void>> rush =
        List.of(task.runAfterNewsAndWait(), task.runAfterNewsAndWait(), task.runAfterNewsAndWait());
    running.get(0).complete();
    assertThat(first.isComplete()).isTrue();
    assertThat(rush).noneMatch(Future::isComplete);

    until(() -> running.size() == 2);
    assertThat(rush).noneMatch(Future::isComplete);
    running.get(1).complete();
    assertThat(rush).allMatch(Future::succeeded);
    letPass(Duration.ofMillis(100));
    assertThat(running).hasSize(2);
  }

  @Test
  void nothingBeginsOnceItIsStopped() {
    task.runAfterNews();
    running.get(0).complete();
    task.runAfterNews();
    task.stop().await();

    letPass(Duration.ofMillis(100));
    assertThat(running).hasSize(1);
  }
}
