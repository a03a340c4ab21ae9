package io.concert.reservation;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.Won;
import io.concert.reservation.SaleFixture.Buyer;
import io.concert.reservation.api.ReservationMessages;
import io.concert.reservation.api.ReservationMessages.Held;
import io.concert.reservation.api.ReservationMessages.Hold;
import io.concert.reservation.api.ReservationMessages.HoldRefusal;
import io.concert.reservation.api.ReservationMessages.NotHeld;
import io.concert.reservation.api.ReservationMessages.Noted;
import io.concert.reservation.api.SeatStatus;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Leaving with a session while others hold and pay. */
class SessionEndsAtOnceIT extends LeavingFixture {
  @Test
  void holdThatIsBeingWrittenIsGivenBackToo() throws SQLException {
    Buyer buyer = sale.buyer(Won.ZERO);
    try (Connection holding = database.jdbc()) {
      holding.setAutoCommit(false);
      call(
          holding,
          "hold_seats(null, null, '{%s}', '{%d}', '{%d}', '{0}', '{7}', 300000)"
              .formatted(sale.room(), buyer.user().number(), sale.schedule().number()));
      var ending = node.bus.request(ReservationMessages.END_SESSION, endSession(buyer));
      database.awaitLockedOut(ending);
      holding.commit();
      assertThat(ending.await()).isEqualTo(new Noted());
    }
    assertThat(sale.claim(7).status()).isEqualTo(SeatStatus.FREE);
    assertThat(live(buyer)).isFalse();
  }

  @Test
  void holdThatWaitsForTheEndComesTooLate() throws SQLException {
    Buyer buyer = sale.buyer(Won.ZERO);
    try (Connection ending = database.jdbc()) {
      ending.setAutoCommit(false);
      call(ending, ending(buyer));
      var holding = node.bus.request(ReservationMessages.HOLD, sale.asking(buyer, 7));
      database.awaitLockedOut(holding);
      ending.commit();
      assertThat(holding.await()).isEqualTo(new NotHeld(HoldRefusal.NOT_ADMITTED, List.of()));
    }
  }

  @Test
  void paymentThatIsBeingWrittenStands() throws SQLException {
    Buyer buyer = sale.buyer(RICH);
    assertThat(hold(buyer, 1, 2)).isInstanceOf(Held.class);
    try (Connection paying = database.jdbc()) {
      paying.setAutoCommit(false);
      call(paying, paying(buyer, 1));
      var ending = node.bus.request(ReservationMessages.END_SESSION, endSession(buyer));
      database.awaitLockedOut(ending);
      paying.commit();
      assertThat(ending.await()).isEqualTo(new Noted());
    }
    assertThat(sale.claim(1).status()).isEqualTo(SeatStatus.SOLD);
    assertThat(sale.claim(2).status()).isEqualTo(SeatStatus.FREE);
  }

  @Test
  void paymentThatWaitsForTheEndFindsNoHold() throws SQLException {
    Buyer buyer = sale.buyer(RICH);
    assertThat(hold(buyer, 1)).isInstanceOf(Held.class);
    try (Connection ending = database.jdbc()) {
      ending.setAutoCommit(false);
      call(ending, ending(buyer));
      var paying = pay(buyer, 1);
      database.awaitLockedOut(paying);
      ending.commit();
      assertThat(paying.await()).isEqualTo(NOT_ADMITTED);
    }
    assertThat(sale.claim(1).status()).isEqualTo(SeatStatus.FREE);
  }

  /** Any deadlock fails one of the futures; a bill without its seat fails the invariants. */
  @Test
  void crowdThatHoldsPaysAndLeavesAtOnceMeetsNoDeadlock() throws SQLException {
    var random = random();
    var nodes = nodes(4);
    List<Buyer> buyers = new ArrayList<>(sale.buyers(40, RICH));
    for (int round = 0; round < 12; round++) {
      var work = new ArrayList<Future<?>>();
      for (int i = 0; i < 120; i++) {
        Buyer one = buyers.get(random.nextInt(buyers.size()));
        int seat = random.nextInt(50);
        switch (random.nextInt(5)) {
          case 0, 1 -> {
            Hold asked = sale.asking(one, seat, (seat + 7) % 50);
            work.add(nodes.get(random.nextInt(4)).hold(asked));
          }
          case 2, 3 -> work.add(payBatch(buyers, random));
          default -> work.add(node.bus.request(ReservationMessages.END_SESSION, endSession(one)));
        }
      }
      Future.all(work).await();
      for (int i = 0; i < buyers.size(); i++) {
        if (!live(buyers.get(i))) {
          buyers.set(i, sale.admit(buyers.get(i)));
        }
      }
    }
    assertThat(sale.claims().stream().filter(claim -> claim.status() == SeatStatus.SOLD))
        .as("something happened")
        .hasSizeGreaterThan(5);
  }

  private Future<?> payBatch(List<Buyer> buyers, Random random) {
    int size = 8;
    Integer[] commands = new Integer[size];
    String[] rooms = new String[size];
    Long[] schedules = new Long[size];
    Long[] prices = new Long[size];
    Arrays.setAll(commands, i -> i);
    Arrays.fill(rooms, sale.room().name());
    Arrays.fill(schedules, sale.schedule().number());
    Arrays.fill(prices, PRICE.amount());
    // In a batch no user and no seat is named twice.
    var users = random.ints(0, buyers.size()).distinct().limit(size).mapToObj(buyers::get).toList();
    var seats = random.ints(0, 50).distinct().limit(size).boxed();
    return node.sql.query(
        "select * from pay_for_seats($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        Tuple.tuple()
            .addValue(commands)
            .addValue(users.stream().map(buyer -> buyer.user().number()).toArray(Long[]::new))
            .addValue(rooms)
            .addValue(schedules)
            .addValue(seats.toArray(Integer[]::new))
            .addValue(prices)
            .addValue(new UUID[size])
            .addValue(new UUID[size])
            .addValue(random.nextBoolean()));
  }

  private static void call(Connection connection, String function) throws SQLException {
    try (var statement = connection.createStatement()) {
      assertThat(statement.execute("select * from " + function)).isTrue();
    }
  }
}
