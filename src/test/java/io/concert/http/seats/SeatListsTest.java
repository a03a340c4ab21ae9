package io.concert.http.seats;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.catalog.Venues;
import io.concert.catalog.layout.Layout;
import io.concert.domain.ScheduleId;
import io.concert.http.web.cached.CachedRepresentation;
import io.concert.reservation.api.ReservationMessages.SeatStates;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SeatListsTest {
  private static final ScheduleId SCHEDULE = new ScheduleId(7);

  private static final Layout STADIUM = Venues.layout("metalist_kharkiv");

  /** One thread writes lists, so that a test can keep it from writing. */
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setWorkerPoolSize(1));

  private final AtomicLong nanoTime = new AtomicLong();
  private final SeatLists lists = new SeatLists(vertx, nanoTime::get);

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void theOneBeforeIsReadWhileTheNewestIsBeingWritten() {
    CachedRepresentation first = list(1).await();
    assertThat(list(1).result()).as("written once").isSameAs(first);

    pass(Duration.ofMillis(49));
    List<Future<CachedRepresentation>> asked =
        whileNothingIsWritten(() -> List.of(list(2), list(3)));
    assertThat(asked.get(0).result()).isSameAs(first);
    assertThat(asked.get(1).result()).as("and when that is outdated, too").isSameAs(first);
  }

  @Test
  void nobodyReadsWhatWasNewestLongerAgoThanAMoment() {
    CachedRepresentation first = list(1).await();
    assertThat(list(1).result()).isSameAs(first);

    pass(Duration.ofMillis(50));
    Future<CachedRepresentation> second =
        whileNothingIsWritten(
            () -> {
              Future<CachedRepresentation> asked = list(2);
              assertThat(asked.isComplete()).isFalse();
              return asked;
            });
    assertThat(second.await()).isNotSameAs(first);
  }

  /** Asking for another version isn't asking for this one. */
  @Test
  void momentBeginsWhenItWasTheNewest() {
    CachedRepresentation first = list(1).await();
    assertThat(list(1).result()).isSameAs(first);
    pass(Duration.ofMillis(30));
    assertThat(whileNothingIsWritten(() -> list(2)).result()).isSameAs(first);

    pass(Duration.ofMillis(30));
    assertThat(list(3).await()).isNotSameAs(first);
  }

  private Future<CachedRepresentation> list(long version) {
    int seats = STADIUM.seats();
    return lists.list(
        SCHEDULE, STADIUM, new SeatStates(1, version, seats, seats, new byte[(seats + 3) / 4]));
  }

  private <T> T whileNothingIsWritten(Supplier<T> asked) {
    CountDownLatch done = new CountDownLatch(1);
    Future<Void> occupied =
        vertx.executeBlocking(
            () -> {
              done.await();
              return null;
            },
            false);
    try {
      return asked.get();
    } finally {
      done.countDown();
      occupied.await();
    }
  }

  private void pass(Duration time) {
    nanoTime.addAndGet(time.toNanos());
  }
}
