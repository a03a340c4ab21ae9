package io.concert.reservation;

import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.HoldId;
import io.concert.domain.ScheduleId;
import io.concert.domain.SeatId;
import io.concert.domain.UserId;
import io.concert.domain.Won;
import io.concert.reservation.SaleFixture.Claim;
import io.concert.reservation.api.ReservationMessages.Held;
import io.concert.reservation.api.ReservationMessages.HeldSeat;
import io.concert.reservation.api.ReservationMessages.Hold;
import io.concert.reservation.api.ReservationMessages.HoldRefusal;
import io.concert.reservation.api.ReservationMessages.HoldReply;
import io.concert.reservation.api.ReservationMessages.NotHeld;
import io.concert.reservation.api.SeatStatus;
import io.concert.reservation.store.HoldBatch.Judged;
import io.vertx.core.Future;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Many who ask at once, of several nodes and in one batch; and holds that wait for a lock. */
class HoldsAtOnceIT extends OwnSale {
  @Test
  void twoHundredUsersGetFiftySeatsOneEach() throws SQLException {
    var buyers = sale.buyers(200, Won.ZERO);
    var nodes = nodes(3);
    var asked = new ArrayList<Future<Judged>>();
    for (int i = 0; i < buyers.size(); i++) {
      asked.add(nodes.get(i % 3).hold(sale.asking(buyers.get(i), i % 50)));
    }
    var replies = replies(asked);

    assertThat(replies.stream().filter(Held.class::isInstance)).hasSize(50);
    assertThat(count(replies, HoldRefusal.SEAT_TAKEN)).isEqualTo(150);
    var winners = new HashSet<Long>();
    for (int i = 0; i < replies.size(); i++) {
      if (replies.get(i) instanceof Held held) {
        assertHolds(buyers.get(i).user(), held);
        winners.add(buyers.get(i).user().number());
      }
    }
    assertThat(winners).hasSize(50);
    assertThat(sale.claims()).allMatch(claim -> claim.status() == SeatStatus.HELD);
  }

  private void assertHolds(UserId user, Held held) throws SQLException {
    for (HeldSeat seat : held.holds()) {
      Claim row = sale.claim(seat.seat().index());
      assertThat(row.user()).isEqualTo(user.number());
      assertThat(new HoldId(row.hold())).isEqualTo(seat.hold());
      assertThat(row.deadlineMillis()).isEqualTo(seat.deadline().toEpochMilli());
      assertThat(seat.price()).isEqualTo(PRICE);
      assertThat(Duration.between(seat.heldAt(), seat.deadline()))
          .isBetween(HOLD.minusMillis(1), HOLD);
    }
  }

  @Test
  void parallelHoldsOfOneUserStopAtTheLimit() throws SQLException {
    for (int round = 0; round < 20; round++) {
      var greedy = sale.buyer(Won.ZERO);
      var nodes = nodes(8);
      var date = sale.anotherDate();
      var asked = new ArrayList<Future<Judged>>();
      for (int i = 0; i < 8; i++) {
        asked.add(nodes.get(i).hold(date.asking(greedy, i)));
      }

      var replies = replies(asked);

      assertThat(replies.stream().filter(Held.class::isInstance)).as("round " + round).hasSize(4);
      assertThat(count(replies, HoldRefusal.LIMIT_REACHED)).isEqualTo(4);
    }
  }

  private void lockSeatOne(Connection blocker) throws SQLException {
    blocker.setAutoCommit(false);
    try (var lock = blocker.createStatement()) {
      lock.execute(
          "select 1 from seat_claim where schedule_id = %d and seat = 1 for update"
              .formatted(sale.schedule().number()));
    }
  }

  /** The transaction begins before the sale closes and gets its last lock after. */
  @Test
  void aHoldThatWaitedForALockIsJudgedByTheTimeAfterwards() throws Exception {
    var buyer = sale.buyer(Won.ZERO);
    sale.sql(
        "update schedule set closes_at = clock_timestamp() + interval '300 ms' where id = ?",
        sale.schedule().number());
    Future<Judged> asked;
    try (Connection blocker = database.jdbc()) {
      lockSeatOne(blocker);
      asked = node().hold(sale.asking(buyer, 1));
      database.awaitLockedOut(asked);
      awaitClosing();
      blocker.rollback();
    }
    assertThat(refusal(asked.await().reply())).isEqualTo(HoldRefusal.NOT_ON_SALE);
  }

  @Test
  void aHoldWaitsForACancellationUnderWay() throws Exception {
    var buyer = sale.buyer(Won.ZERO);
    Future<Judged> asked;
    try (Connection cancelling = database.jdbc()) {
      cancelling.setAutoCommit(false);
      try (var update = cancelling.createStatement()) {
        update.execute("select lock_schedule(%d)".formatted(sale.schedule().number()));
        update.executeUpdate(
            "update schedule set state = 2 where id = " + sale.schedule().number());
      }
      asked = node().hold(sale.asking(buyer, 1));
      database.awaitLockedOut(asked);
      cancelling.commit();
    }
    assertThat(refusal(asked.await().reply())).isEqualTo(HoldRefusal.NOT_ON_SALE);
  }

  /** It could end unseen while the hold is judged. */
  @Test
  void aHoldUsesNoSessionThatItHasNotLocked() throws Exception {
    var stranger = sale.stranger(Won.ZERO);
    Future<Judged> asked;
    try (Connection blocker = database.jdbc()) {
      lockSeatOne(blocker);
      asked = node().hold(sale.asking(stranger, 1));
      database.awaitLockedOut(asked);
      assertThat(sale.admit(stranger).session().number()).isPositive();
      blocker.rollback();
    }
    assertThat(refusal(asked.await().reply())).isEqualTo(HoldRefusal.NOT_ADMITTED);
    assertThat(ask(stranger, 1)).as("asked again").isInstanceOf(Held.class);
  }

  @Test
  void aBadCommandHarmsNoNeighbourInItsBatch() throws SQLException {
    var buyers = sale.buyers(10, Won.ZERO);
    var nowhere = new ScheduleId(999_999);
    var one = node();
    var asked = new ArrayList<Future<Judged>>();
    for (int i = 0; i < 10; i++) {
      asked.add(one.hold(sale.asking(buyers.get(i), i)));
      asked.add(
          one.hold(
              new Hold(
                  sale.room(),
                  i % 2 == 0 ? buyers.get(i).user() : new UserId(Long.MAX_VALUE),
                  nowhere,
                  List.of(new SeatId(nowhere, Integer.MAX_VALUE)))));
    }

    var replies = replies(asked);

    for (int i = 0; i < 20; i += 2) {
      assertThat(replies.get(i)).isInstanceOf(Held.class);
      assertThat(refusal(replies.get(i + 1))).isEqualTo(HoldRefusal.NOT_ADMITTED);
    }
  }

  /** They leave in different batches, two of which are judged at the same time. */
  @Test
  void commandsThatTouchTheSameSeeEachOther() throws SQLException {
    var ann = sale.buyer(Won.ZERO);
    var ben = sale.buyer(Won.ZERO);
    var one = node();
    var asked = new ArrayList<Future<Judged>>();
    asked.add(one.hold(sale.asking(ann, 1)));
    asked.add(one.hold(sale.asking(ben, 1)));
    asked.add(one.hold(sale.asking(ann, 2)));
    asked.add(one.hold(sale.asking(ann, 3, 4)));
    asked.add(one.hold(sale.asking(ann, 5, 6)));

    var replies = replies(asked);

    assertThat(replies.subList(0, 2).stream().filter(Held.class::isInstance)).hasSize(1);
    assertThat(count(replies, HoldRefusal.SEAT_TAKEN)).isEqualTo(1);
    assertThat(count(replies, HoldRefusal.LIMIT_REACHED)).isPositive();
    assertThat(sale.claims().stream().filter(claim -> claim.user() == ann.user().number()))
        .hasSizeBetween(3, 4);
  }

  @Test
  void overlappingHoldsOfSeveralSeatsDoNotDeadlock() throws SQLException {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("HoldsAtOnceIT -Dseed=" + seed);
    var random = new Random(seed);
    var other = sale.anotherDate();
    var buyers = sale.buyers(30, Won.ZERO);
    var nodes = nodes(5);
    var asked = new ArrayList<Future<Judged>>();
    for (int i = 0; i < 3_000; i++) {
      var date = random.nextBoolean() ? sale : other;
      var seats = random.ints(0, 50).distinct().limit(1 + random.nextInt(4)).toArray();
      var hold = date.asking(buyers.get(random.nextInt(buyers.size())), seats);
      asked.add(nodes.get(random.nextInt(nodes.size())).hold(hold));
      if (random.nextInt(20) == 0) {
        date.passDeadline(random.nextInt(50), random.nextInt(50));
      }
    }

    var replies = replies(asked);

    assertThat(replies.stream().filter(Held.class::isInstance)).hasSizeGreaterThan(20);
    for (SaleFixture date : List.of(sale, other)) {
      var counts = new HashMap<Long, Integer>();
      for (Claim claim : date.claims()) {
        if (claim.user() != 0 && claim.deadlineMillis() > System.currentTimeMillis()) {
          counts.merge(claim.user(), 1, Integer::sum);
        }
      }
      assertThat(counts.values()).allMatch(count -> count <= 4);
    }
  }

  private void awaitClosing() {
    String open = "select count(*) from schedule where closes_at > clock_timestamp() and id = ";
    until(() -> database.number(open + sale.schedule().number()) == 0);
  }

  private static long count(List<HoldReply> replies, HoldRefusal reason) {
    return replies.stream()
        .filter(reply -> reply instanceof NotHeld refused && refused.reason() == reason)
        .count();
  }
}
