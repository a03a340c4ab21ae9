package io.concert.reservation;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.concert.catalog.Venues;
import io.concert.catalog.layout.Layout;
import io.concert.domain.IdempotencyKey;
import io.concert.domain.SeatId;
import io.concert.domain.Won;
import io.concert.postgres.TestDatabase;
import io.concert.reservation.SaleFixture.Buyer;
import io.concert.reservation.api.ReservationMessages;
import io.concert.reservation.api.ReservationMessages.Held;
import io.concert.reservation.api.ReservationMessages.HeldSeat;
import io.concert.reservation.api.ReservationMessages.Hold;
import io.concert.reservation.api.ReservationMessages.HoldBest;
import io.concert.reservation.api.ReservationMessages.HoldRefusal;
import io.concert.reservation.api.ReservationMessages.HoldReply;
import io.concert.reservation.api.ReservationMessages.NotHeld;
import io.concert.reservation.api.ReservationMessages.NotReleased;
import io.concert.reservation.api.ReservationMessages.Release;
import io.concert.reservation.api.ReservationMessages.Released;
import io.concert.reservation.api.SeatStatus;
import io.concert.reservation.best.BestSeats;
import io.vertx.core.Future;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Crowds on two nodes: what they get and what it costs the database. */
class HoldCrowdIT {
  private static final Layout LAYOUT = Venues.layout("xinzhuang");

  private static TestDatabase database;
  private static TwoNodes cluster;

  private Connection connection;
  private SaleFixture sale;

  @BeforeAll
  static void startNodes() {
    database = TestDatabase.create();
    cluster = new TwoNodes(database, Duration.ofMinutes(5), LAYOUT);
  }

  @AfterAll
  static void stopNodes() {
    cluster.close();
    database.close();
  }

  @BeforeEach
  void openSale() throws SQLException {
    connection = database.jdbc();
    sale = SaleFixture.create(connection, LAYOUT.seats(), new Won(88_000));
  }

  @AfterEach
  void closeSale() throws SQLException {
    connection.close();
  }

  @Test
  void twoThousandHoldsOfAHundredSeatsCostTheDatabaseTwoCommandsASeatAtMost() throws SQLException {
    var buyers = sale.buyers(500, Won.ZERO);
    assertThat(cluster.node(0).seen(sale.schedule()).free()).isEqualTo(LAYOUT.seats());
    long before = cluster.judged();
    var asked = new ArrayList<Future<HoldReply>>();
    for (int i = 0; i < 2_000; i++) {
      int seat = (i * 7 + i / 500) % 100;
      asked.add(cluster.node(i).service.hold(asking(buyers.get(i % 500), Optional.empty(), seat)));
    }
    var replies = asked.stream().map(one -> one.await()).toList();

    assertThat(replies.stream().filter(Held.class::isInstance)).hasSize(100);
    assertThat(replies)
        .allMatch(reply -> reply instanceof Held || reason(reply) == HoldRefusal.SEAT_TAKEN);
    System.out.println("claim commands for 100 seats: " + (cluster.judged() - before));
    assertThat(cluster.judged() - before).isLessThanOrEqualTo(200);
  }

  @Test
  void aCrowdThatAsksForTheBestGetsAPairEach() throws SQLException {
    var buyers = sale.buyers(400, Won.ZERO);
    long before = cluster.judged();
    var asked = new ArrayList<Future<HoldReply>>();
    for (int i = 0; i < buyers.size(); i++) {
      asked.add(cluster.node(i).best.hold(best(buyers.get(i), 2)));
    }
    var seats = new HashSet<SeatId>();
    for (Future<HoldReply> one : asked) {
      var pair = held(one.await()).stream().map(HeldSeat::seat).toList();
      assertThat(pair.get(1).index()).isEqualTo(pair.get(0).index() + 1);
      assertThat(LAYOUT.row(pair.get(0).index())).isEqualTo(LAYOUT.row(pair.get(1).index()));
      seats.addAll(pair);
    }

    assertThat(seats).hasSize(800);
    System.out.println("claim commands for 400 pairs: " + (cluster.judged() - before));
    assertThat(cluster.judged() - before).isLessThanOrEqualTo(440);
  }

  @Test
  void theBestAreThoseThatTheRulesChoose() throws SQLException {
    var all = cluster.node(0).seen(sale.schedule());
    var rules = new BestSeats(LAYOUT);
    var first = rules.choose(all, 3, Optional.empty(), 1).get(0);
    String section = LAYOUT.section(LAYOUT.seats() - 1).name();
    var inSection = rules.choose(all, 1, Optional.of(section), 1).get(0);

    assertThat(indexes(best(cluster.node(0), best(sale.buyer(Won.ZERO), 3)))).isEqualTo(first);
    var there = best(sale.buyer(Won.ZERO), 1, Optional.of(section), Optional.empty());
    assertThat(indexes(best(cluster.node(1), there))).isEqualTo(inSection);
  }

  @Test
  void theBestAreRefusedForGoodReasons() throws SQLException {
    var buyer = sale.buyer(Won.ZERO);
    var node = cluster.node(0);
    var nowhere = best(buyer, 1, Optional.of("nowhere"), Optional.empty());

    assertThat(reason(best(node, best(buyer, 5)))).isEqualTo(HoldRefusal.LIMIT_REACHED);
    assertThat(reason(best(node, nowhere))).isEqualTo(HoldRefusal.NOT_ADJACENT);
    held(best(node, best(buyer, 3)));
    assertThat(best(node, best(buyer, 2)))
        .isEqualTo(new NotHeld(HoldRefusal.LIMIT_REACHED, List.of()));
    assertThat(reason(best(node, best(sale.stranger(Won.ZERO), 2))))
        .isEqualTo(HoldRefusal.NOT_ADMITTED);
  }

  /** The seats that the node sees free were bought, which nobody told the map. */
  @Test
  void theBestAreLookedForAgainWhenTheyAreLost() throws SQLException {
    var node = cluster.node(0);
    var stale = node.views.look(sale.schedule()).await();
    var first = new BestSeats(LAYOUT).choose(stale, 2, Optional.empty(), 1).get(0);
    var other = sale.buyer(Won.ZERO);
    held(
        node.claims
            .hold(asking(other, Optional.empty(), first.stream().mapToInt(i -> i).toArray()))
            .await()
            .reply());

    var next = indexes(best(node, best(sale.buyer(Won.ZERO), 2)));

    assertThat(next).hasSize(2).doesNotContainAnyElementsOf(first);
  }

  @Test
  void aRepeatOfTheBestHearsTheFirstAnswerOnAnyNode() throws SQLException {
    var ann = sale.buyer(Won.ZERO);
    var key = Optional.of(new IdempotencyKey(UUID.randomUUID(), UUID.randomUUID()));
    var asked = best(ann, 4, Optional.empty(), key);
    var first = held(best(cluster.node(0), asked));

    assertThat(best(cluster.node(1), asked)).isEqualTo(new Held(first, true));
    assertThat(cluster.node(0).service.holds(new ReservationMessages.AskHolds(ann.user())).await())
        .isEqualTo(new ReservationMessages.Holds(first));
    var absurd = best(ann, 50, Optional.empty(), key);
    assertThat(best(cluster.node(1), absurd))
        .as("refused from memory")
        .isEqualTo(new Held(first, true));
  }

  @Test
  void aRepeatThatTheMapRefusesHearsTheFirstAnswer() throws SQLException {
    var ann = sale.buyer(Won.ZERO);
    var ben = sale.buyer(Won.ZERO);
    var key = Optional.of(new IdempotencyKey(UUID.randomUUID(), UUID.randomUUID()));
    var service = cluster.node(0).service;
    var first = held(service.hold(asking(ann, key, 7)).await());
    var release = new Release(ann.user(), sale.seat(7), Optional.empty());
    assertThat(service.release(release).await()).isEqualTo(new Released(false));
    assertThat(cluster.node(1).seen(sale.schedule()).status(7)).isEqualTo(SeatStatus.FREE);
    assertThat(service.release(release).await()).isEqualTo(new NotReleased());
    held(service.hold(asking(ben, Optional.empty(), 7)).await());

    assertThat(cluster.node(1).service.hold(asking(ann, key, 7)).await())
        .isEqualTo(new Held(first, true));
    assertThat(reason(service.hold(asking(ann, Optional.empty(), 7)).await()))
        .isEqualTo(HoldRefusal.SEAT_TAKEN);
  }

  private Hold asking(Buyer buyer, Optional<IdempotencyKey> key, int... seats) {
    return new Hold(
        sale.room(),
        buyer.user(),
        sale.schedule(),
        IntStream.of(seats).mapToObj(sale::seat).toList(),
        key);
  }

  private HoldBest best(Buyer buyer, int count) {
    return best(buyer, count, Optional.empty(), Optional.empty());
  }

  private HoldBest best(
      Buyer buyer, int count, Optional<String> section, Optional<IdempotencyKey> key) {
    return new HoldBest(sale.room(), buyer.user(), sale.schedule(), count, section, key);
  }

  private static HoldReply best(TwoNodes.Node node, HoldBest asked) {
    return node.best.hold(asked).await();
  }

  @CanIgnoreReturnValue
  private static List<HeldSeat> held(HoldReply reply) {
    assertThat(reply).isInstanceOf(Held.class);
    return ((Held) reply).holds();
  }

  private static List<Integer> indexes(HoldReply reply) {
    return held(reply).stream().map(hold -> hold.seat().index()).toList();
  }

  private static HoldRefusal reason(HoldReply reply) {
    assertThat(reply).isInstanceOf(NotHeld.class);
    return ((NotHeld) reply).reason();
  }
}
