package io.concert.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.catalog.Layout;
import io.concert.catalog.Venues;
import io.concert.domain.ScheduleId;
import io.concert.reservation.ReservationMessages.SeatStates;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SeatListsTest {
  private static final ScheduleId SCHEDULE = new ScheduleId(7);

  /** Large enough for the writing of a list to take longer than asking for it. */
  private static final Layout STADIUM = Venues.layout("metalist_kharkiv");

  private final Vertx vertx = Vertx.vertx();
  private final AtomicLong nanoTime = new AtomicLong();
  private final SeatLists lists = new SeatLists(vertx, nanoTime::get);

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void theOneBeforeIsReadWhileTheNewestIsBeingWritten() {
    Rendition first = list(1).await();
    assertThat(list(1).result()).as("written once").isSameAs(first);

    pass(Duration.ofMillis(49));
    assertThat(list(2).result()).isSameAs(first);
    assertThat(list(3).result()).as("and when that is outdated, too").isSameAs(first);
  }

  @Test
  void nobodyReadsWhatWasNewestLongerAgoThanAMoment() {
    Rendition first = list(1).await();
    assertThat(list(1).result()).isSameAs(first);

    pass(Duration.ofMillis(50));
    Future<Rendition> second = list(2);
    assertThat(second.isComplete()).isFalse();
    assertThat(second.await()).isNotSameAs(first);
  }

  /** Asking for another version isn't asking for this one. */
  @Test
  void momentBeginsWhenItWasTheNewest() {
    Rendition first = list(1).await();
    assertThat(list(1).result()).isSameAs(first);
    pass(Duration.ofMillis(30));
    assertThat(list(2).result()).isSameAs(first);

    pass(Duration.ofMillis(30));
    assertThat(list(3).await()).isNotSameAs(first);
  }

  private Future<Rendition> list(long version) {
    int seats = STADIUM.seats();
    return lists.list(
        SCHEDULE, STADIUM, new SeatStates(1, version, seats, seats, new byte[(seats + 3) / 4]));
  }

  private void pass(Duration time) {
    nanoTime.addAndGet(time.toNanos());
  }
}
