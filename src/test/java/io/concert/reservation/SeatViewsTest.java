package io.concert.reservation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.concert.domain.Aggregates;
import io.concert.domain.Fault;
import io.concert.domain.ScheduleId;
import io.concert.grid.api.ReplicatedAggregate;
import io.concert.reservation.api.ReservationMessages.SeatRow;
import io.concert.reservation.api.ReservationMessages.SeatStates;
import io.concert.reservation.api.SeatStatus;
import io.concert.reservation.seatmap.SeatCommand;
import io.concert.reservation.seatmap.SeatCommand.Learn;
import io.concert.reservation.seatmap.SeatEvent;
import io.concert.reservation.seatmap.SeatMap;
import io.concert.reservation.seatmap.SeatReply;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SeatViewsTest {
  private static final ScheduleId SCHEDULE = new ScheduleId(1);

  private final OneMap grid = new OneMap();
  private long nanos = 17;
  private final SeatViews views = new SeatViews(new SeatMaps(grid), () -> nanos);

  @Test
  void aThousandReadersAreOneLookIn100Milliseconds() {
    for (int i = 0; i < 1_000; i++) {
      nanos += Duration.ofMillis(1).toNanos() / 10; // 100 ms in all
      assertThat(look().free()).isEqualTo(1);
    }

    assertThat(grid.looks).isEqualTo(1);
  }

  @Test
  void aViewOf100MillisecondsIsLookedAtAgain() {
    look();
    grid.change();
    assertThat(look().free()).as("not yet").isEqualTo(1);

    pass(SeatViews.FRESH);

    assertThat(look().free()).isZero();
  }

  @Test
  void anUnchangedMapSendsNothingAndTheViewStays() {
    var first = look();
    pass(SeatViews.FRESH);

    assertThat(look()).isSameAs(first);
    assertThat(grid.looks).isEqualTo(2);
  }

  @Test
  void whoAsksDuringAYoungLookSharesIt() {
    Promise<SeatReply> slow = Promise.promise();
    grid.stall = slow.future();
    var readers = new ArrayList<Future<SeatStates>>();
    for (int i = 0; i < 10; i++) {
      readers.add(views.look(SCHEDULE));
      pass(SeatViews.FRESH.dividedBy(11));
    }
    assertThat(readers).noneMatch(Future::isComplete);

    slow.complete(grid.seen());

    assertThat(readers).allMatch(Future::succeeded);
    assertThat(grid.looks).isEqualTo(1);
  }

  /** What an old look will say may be older than what its reader was told elsewhere. */
  @Test
  void whoAsksDuringAnOldLookWaitsForTheNext() {
    Promise<SeatReply> slow = Promise.promise();
    grid.stall = slow.future();
    var early = views.look(SCHEDULE);
    pass(SeatViews.FRESH);
    var late = List.of(views.look(SCHEDULE), views.look(SCHEDULE));
    assertThat(grid.looks).as("one at a time").isEqualTo(1);
    var before = grid.seen();
    grid.change();
    grid.stall = null;

    slow.complete(before);

    assertThat(early.await().free()).isEqualTo(1);
    assertThat(late).allMatch(reader -> reader.await().free() == 0);
    assertThat(grid.looks).isEqualTo(2);
  }

  @Test
  void whoAsksForANewLookJoinsNoneThatHasBegun() {
    look();
    grid.change();
    assertThat(views.lookAnew(SCHEDULE).await().free()).isZero();

    Promise<SeatReply> slow = Promise.promise();
    grid.stall = slow.future();
    var first = views.lookAnew(SCHEDULE);
    var second = views.lookAnew(SCHEDULE);
    slow.complete(new SeatReply.Unchanged());

    assertThat(first.await().free()).isZero();
    assertThat(second.await().free()).isZero();
    assertThat(grid.looks).isEqualTo(4);
  }

  @Test
  void aFaultIsHeardRatherThanTheSeatsOfBefore() {
    look();
    grid.stall = Future.failedFuture(new Fault(Fault.Kind.UNAVAILABLE, "no member"));
    pass(SeatViews.FRESH);

    assertFault(Fault.Kind.UNAVAILABLE);
  }

  @Test
  void afterAFailureTheGridIsNotAskedMoreOften() {
    grid.stall = Future.failedFuture(new Fault(Fault.Kind.OUTCOME_UNKNOWN, "stalled"));
    for (int i = 0; i < 10; i++) {
      assertFault(Fault.Kind.UNAVAILABLE);
    }
    assertThat(grid.looks).isEqualTo(1);

    grid.stall = null;
    pass(SeatViews.FRESH);
    assertThat(look().free()).isEqualTo(1);
  }

  @Test
  void aLookThatHangsIsGivenUp() {
    look();
    grid.stall = Promise.<SeatReply>promise().future();
    pass(SeatViews.FRESH);

    assertFault(Fault.Kind.UNAVAILABLE);
  }

  private void assertFault(Fault.Kind kind) {
    assertThatThrownBy(this::look)
        .isInstanceOfSatisfying(Fault.class, fault -> assertThat(fault.kind()).isEqualTo(kind));
  }

  private void pass(Duration time) {
    nanos += time.toNanos();
  }

  @CanIgnoreReturnValue
  private SeatStates look() {
    return views.look(SCHEDULE).await();
  }

  /** A grid with one map, which can be made to stall or fail. */
  private static final class OneMap
      implements ReplicatedAggregate<SeatMap, SeatCommand, SeatEvent, SeatReply> {
    private final SeatMap map = SeatMap.of(5, List.of(new SeatRow(0, SeatStatus.FREE, 0, 0, 0)), 0);
    private @Nullable Future<SeatReply> stall;
    private int looks;

    @Override
    public Future<SeatReply> submit(String key, SeatCommand command) {
      looks++;
      return stall != null ? stall : Future.succeededFuture(decide(command));
    }

    SeatReply seen() {
      return decide(new SeatCommand.Look(0, 0));
    }

    void change() {
      decide(new Learn(List.of(new SeatRow(0, SeatStatus.SOLD, 1, 1, 0))));
    }

    @CanIgnoreReturnValue
    private SeatReply decide(SeatCommand command) {
      return Aggregates.ask(map, command, 0);
    }

    @Override
    public Set<String> ownedKeys() {
      return Set.of(SCHEDULE.toString());
    }
  }
}
