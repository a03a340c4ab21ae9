package io.concert.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class RefreshedTest {
  private static final Vertx vertx = Vertx.vertx();

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
  private final List<Promise<String>> reads = new ArrayList<>();
  private final Refreshed<String> refreshed = new Refreshed<>(vertx, this::read, nanos::get);

  @AfterAll
  static void stop() {
    vertx.close().await();
  }

  private Future<String> read() {
    reads.add(Promise.promise());
    return reads.get(reads.size() - 1).future();
  }

  @Test
  void readsOnceForAllWhoAskMeanwhileAndNotAgainWithinASecond() {
    Future<String> one = refreshed.get();
    Future<String> other = refreshed.get();
    reads.get(0).complete("a");
    nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(999));

    assertThat(List.of(one.await(), other.await(), refreshed.get().await()))
        .containsExactly("a", "a", "a");
    assertThat(reads).hasSize(1);
  }

  @Test
  void readsAgainWhenASecondHasPassedOrTheValueIsOutdated() {
    know("a");
    passASecond();
    Future<String> second = refreshed.get();
    reads.get(1).complete("b");
    refreshed.outdate();
    Future<String> third = refreshed.get();
    reads.get(2).complete("c");

    assertThat(second.await()).isEqualTo("b");
    assertThat(third.await()).isEqualTo("c");
  }

  @Test
  void doesNotShareAReadThatBeganBeforeTheValueWasOutdated() {
    Future<String> before = refreshed.get();
    refreshed.outdate();
    Future<String> after = refreshed.get();
    reads.get(1).complete("new");
    reads.get(0).complete("old");

    assertThat(before.await()).isEqualTo("old");
    assertThat(after.await()).isEqualTo("new");
    assertThat(refreshed.get().await()).isEqualTo("new");
  }

  /** What was made a second ago mustn't be called unknown because the database is busy. */
  @Test
  void whoeverHasToHaveTheLatestWaitsForASlowRead() throws InterruptedException {
    know("a");
    passASecond();
    assertThat(refreshed.get().await()).isEqualTo("a"); // Out of patience.
    Future<String> latest = refreshed.latest();
    assertThat(latest.isComplete()).isFalse();
    reads.get(1).complete("b");

    assertThat(latest.await()).isEqualTo("b");
  }

  @Test
  void theLatestIsReadTenTimesASecondAtMost() {
    know("a");
    nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(99));
    assertThat(refreshed.latest().await()).isEqualTo("a");
    assertThat(reads).hasSize(1);

    nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));
    Future<String> latest = refreshed.latest();
    reads.get(1).complete("b");
    assertThat(latest.await()).isEqualTo("b");
  }

  @Test
  void theLastValueIsTheLatestWhileReadingFails() {
    know("a");
    passASecond();
    Future<String> latest = refreshed.latest();
    reads.get(1).fail("database away");
    assertThat(latest.await()).isEqualTo("a");
  }

  @Test
  void servesTheLastValueWhileReadingFailsAndAsksOnceASecond() {
    know("a");
    passASecond();
    Future<String> second = refreshed.get();
    reads.get(1).fail("database away");

    assertThat(second.await()).isEqualTo("a");
    assertThat(refreshed.get().await()).isEqualTo("a");
    assertThat(reads).hasSize(2);
    passASecond();
    Future<String> third = refreshed.get();
    reads.get(2).complete("b");
    assertThat(third.await()).isEqualTo("b");
  }

  @Test
  void servesTheLastValueWhileReadingHangs() {
    know("a");
    passASecond();

    assertThat(refreshed.get().await()).isEqualTo("a");
    assertThat(refreshed.get().isComplete()).isTrue();
    reads.get(1).complete("b");
    assertThat(refreshed.get().await()).isEqualTo("b");
    assertThat(reads).hasSize(2);
  }

  @Test
  void failsWhenNothingWasEverRead() {
    Future<String> answer = refreshed.get();
    reads.get(0).fail("database away");

    assertThatThrownBy(answer::await).hasMessage("database away");
  }

  private void know(String value) {
    Future<String> answer = refreshed.get();
    reads.get(reads.size() - 1).complete(value);
    assertThat(answer.await()).isEqualTo(value);
  }

  private void passASecond() {
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
  }
}
