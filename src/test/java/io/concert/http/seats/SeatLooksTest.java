package io.concert.http.seats;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.bus.Address;
import io.concert.bus.Bus;
import io.concert.domain.Fault;
import io.concert.domain.ScheduleId;
import io.concert.reservation.api.ReservationMessages.SeatStates;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SeatLooksTest {
  private static final ScheduleId SCHEDULE = new ScheduleId(7);

  private final Vertx vertx = Vertx.vertx();
  private final AtomicLong nanoTime = new AtomicLong();
  private final List<Promise<Object>> asked = new ArrayList<>();
  private final SeatLooks looks =
      new SeatLooks(
          vertx,
          new Questions(),
          schedule -> Future.succeededFuture(Optional.empty()),
          nanoTime::get);

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void thoseWhoAskAtTheSameTimeShareALook() {
    var one = look();
    var other = look();
    answer(0, 1);

    assertThat(asked).hasSize(1);
    assertThat(version(one)).isEqualTo(1);
    assertThat(version(other)).isEqualTo(1);
  }

  @Test
  void nextLookIsBegunWhileTheLastStillServes() {
    var first = look();
    answer(0, 1);
    assertThat(version(first)).isEqualTo(1);
    pass(25);
    assertThat(version(look())).isEqualTo(1);
    assertThat(asked).as("young").hasSize(1);

    pass(1);
    assertThat(version(look())).isEqualTo(1);
    assertThat(version(look())).isEqualTo(1);
    assertThat(asked).as("one look ahead").hasSize(2);
    answer(1, 2);
    assertThat(version(look())).isEqualTo(2);
    pass(50);
    assertThat(version(look())).as("asked 50 ms ago").isEqualTo(2);
  }

  @Test
  void lookAheadThatFailsOrIsSlowServesNobody() {
    var first = look();
    answer(0, 1);
    assertThat(version(first)).isEqualTo(1);
    pass(30);
    assertThat(version(look())).isEqualTo(1);
    asked.get(1).fail(new Fault(Fault.Kind.UNAVAILABLE, "gone"));
    assertThat(version(look())).as("the last one still serves").isEqualTo(1);

    pass(21);
    var waiting = look();
    assertThat(waiting.isComplete()).isFalse();
    answer(asked.size() - 1, 5);
    assertThat(version(waiting)).isEqualTo(5);
  }

  private Future<SeatStates> look() {
    return looks.look(SCHEDULE, SeatLooks.FRESH);
  }

  private static long version(Future<SeatStates> look) {
    return look.await().version();
  }

  private void answer(int question, long version) {
    asked.get(question).complete(new SeatStates(1, version, 4, 4, new byte[1]));
  }

  private void pass(long millis) {
    nanoTime.addAndGet(Duration.ofMillis(millis).toNanos());
  }

  /** Keeps questions until they are answered. */
  private final class Questions implements Bus {
    @Override
    @SuppressWarnings("unchecked")
    public <Q, R> Future<R> request(Address<Q, R> address, Q request) {
      Promise<Object> answer = Promise.promise();
      asked.add(answer);
      return (Future<R>) answer.future();
    }

    @Override
    public <Q, R> Future<Void> serve(Address<Q, R> address, Function<Q, Future<R>> service) {
      return Future.succeededFuture();
    }
  }
}
