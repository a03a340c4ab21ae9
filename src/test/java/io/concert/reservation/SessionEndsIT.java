package io.concert.reservation;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.concert.bus.VertxBus;
import io.concert.catalog.PgCatalog;
import io.concert.domain.RoomId;
import io.concert.domain.SessionId;
import io.concert.domain.Won;
import io.concert.grid.Grid;
import io.concert.grid.TestGrid;
import io.concert.ops.Invariants;
import io.concert.postgres.DatabaseClock;
import io.concert.postgres.Sql;
import io.concert.postgres.TestDatabase;
import io.concert.queue.QueueMessages;
import io.concert.queue.QueueMessages.SessionEnded;
import io.concert.reservation.ReservationMessages.EndSession;
import io.concert.reservation.ReservationMessages.Held;
import io.concert.reservation.ReservationMessages.Hold;
import io.concert.reservation.ReservationMessages.HoldRefusal;
import io.concert.reservation.ReservationMessages.LookAtSeats;
import io.concert.reservation.ReservationMessages.NotHeld;
import io.concert.reservation.ReservationMessages.Noted;
import io.concert.reservation.SaleFixture.Buyer;
import io.concert.reservation.SaleFixture.Claim;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Leaving with a session, from the bus to PostgreSQL, also while others hold and pay. */
class SessionEndsIT {
  private static final Won PRICE = new Won(88_000);
  private static final Won RICH = new Won(900_000_000);

  private static final List<SessionEnded> told = new CopyOnWriteArrayList<>();
  private static TestDatabase database;
  private static Vertx vertx;
  private static Sql sql;
  private static Grid grid;
  private static VertxBus bus;
  private static String deployment;

  private Connection connection;
  private SaleFixture sale;

  @BeforeAll
  static void startNode() {
    database = TestDatabase.create();
    vertx = Vertx.vertx();
    bus = new VertxBus(vertx);
    sql = database.sql(vertx);
    grid = TestGrid.alone(SeatMapCodecs.TYPE);
    var clock = DatabaseClock.start(sql, System::nanoTime).await();
    deployment =
        vertx
            .deployVerticle(
                new ReservationVerticle(
                    bus,
                    sql,
                    grid,
                    grid.lock(vertx),
                    clock,
                    new HoldSettings(Duration.ofMinutes(5)),
                    new PgCatalog(vertx, sql),
                    new SimpleMeterRegistry()))
            .await();
    bus.serve(
            QueueMessages.SESSION_ENDED,
            ended -> {
              told.add(ended);
              return Future.succeededFuture(new QueueMessages.Noted());
            })
        .await();
  }

  @AfterAll
  static void stopNode() {
    vertx.undeploy(deployment).await();
    vertx.close().await();
    grid.close();
    database.close();
  }

  @BeforeEach
  void openSale() throws SQLException {
    connection = database.jdbc();
    sale = SaleFixture.create(connection, 50, PRICE);
    told.clear();
  }

  @AfterEach
  void nothingIsHeldWithoutASessionAndMoneyIsRight() throws SQLException {
    connection.close();
    assertThat(
            database.number(
                """
                select count(*) from seat_claim c join room_session s on s.id = c.session_id
                where c.state = 1 and s.ended_at is not null
                """))
        .as("holds of ended sessions")
        .isZero();
    assertThat(new Invariants(sql).check().await()).isEmpty();
  }

  @Test
  void whoLeavesGivesSlotAndSeatsToOthersAtOnce() throws Exception {
    Buyer leaving = sale.buyer(Won.ZERO);
    Buyer staying = sale.buyer(Won.ZERO);
    assertThat(hold(leaving, 1, 2)).isInstanceOf(Held.class);
    assertThat(hold(staying, 3)).isInstanceOf(Held.class);
    long fence = sale.claim(1).fence();

    assertThat(end(leaving)).isEqualTo(new Noted());

    assertThat(live(leaving)).isFalse();
    assertThat(sale.claim(1).status()).isEqualTo(SeatStatus.FREE);
    assertThat(sale.claim(1).fence()).isGreaterThan(fence);
    assertThat(sale.claim(1).user()).isZero();
    assertThat(sale.claim(1).expiredUser()).isZero();
    assertThat(sale.claim(3).status()).isEqualTo(SeatStatus.HELD);
    assertThat(told)
        .containsExactly(new SessionEnded(sale.room(), leaving.user(), leaving.session()));
    TimeUnit.MILLISECONDS.sleep(150);
    var seen =
        bus.request(ReservationMessages.LOOK_AT_SEATS, new LookAtSeats(sale.schedule())).await();
    assertThat(seen.free()).as("nobody had to ask the database").isEqualTo(49);
    assertThat(hold(staying, 1, 2)).isInstanceOf(Held.class);
    assertThat(hold(leaving, 4)).isEqualTo(new NotHeld(HoldRefusal.NOT_ADMITTED, List.of()));
  }

  @Test
  void leavingAgainChangesNothing() throws SQLException {
    Buyer leaving = sale.buyer(Won.ZERO);
    assertThat(hold(leaving, 1)).isInstanceOf(Held.class);
    end(leaving);
    List<Claim> claims = sale.claims();
    long endedAt = endedAt(leaving);

    assertThat(end(leaving)).isEqualTo(new Noted());

    assertThat(sale.claims()).isEqualTo(claims);
    assertThat(endedAt(leaving)).isEqualTo(endedAt);
  }

  @Test
  void onlyTheOwnerEndsASession() throws SQLException {
    Buyer ann = sale.buyer(Won.ZERO);
    Buyer ben = sale.buyer(Won.ZERO);
    assertThat(hold(ann, 1)).isInstanceOf(Held.class);

    for (EndSession wrong :
        List.of(
            new EndSession(sale.room(), ben.user(), ann.session()),
            new EndSession(RoomId.DEFAULT, ann.user(), ann.session()),
            new EndSession(sale.room(), ann.user(), new SessionId(Long.MAX_VALUE)))) {
      assertThat(bus.request(ReservationMessages.END_SESSION, wrong).await())
          .isEqualTo(new Noted());
    }

    assertThat(live(ann)).isTrue();
    assertThat(sale.claim(1).status()).isEqualTo(SeatStatus.HELD);
    assertThat(told).isEmpty();
  }

  @Test
  void boughtSeatsStay() throws SQLException {
    Buyer buyer = sale.buyer(RICH);
    assertThat(hold(buyer, 1, 2)).isInstanceOf(Held.class);
    assertThat(pay(buyer, 1).await()).isZero();

    end(buyer);

    assertThat(sale.claim(1).status()).isEqualTo(SeatStatus.SOLD);
    assertThat(sale.claim(1).user()).isEqualTo(buyer.user().number());
    assertThat(sale.claim(2).status()).isEqualTo(SeatStatus.FREE);
  }

  /** 4: not held by the user, 5: held past the deadline, 6: not admitted. */
  @Test
  void paymentForWhatWasGivenBackIsToldThatThereIsNoHold() throws SQLException {
    Buyer buyer = sale.buyer(RICH);
    assertThat(hold(buyer, 1)).isInstanceOf(Held.class);
    sale.passDeadline(1);
    assertThat(hold(buyer, 1)).as("held anew after it expired").isInstanceOf(Held.class);
    assertThat(sale.claim(1).expiredUser()).isEqualTo(buyer.user().number());
    end(buyer);

    assertThat(pay(buyer, 1).await()).isEqualTo(6);
    assertThat(sale.admit(buyer).user()).isEqualTo(buyer.user());
    assertThat(pay(buyer, 1).await()).isEqualTo(4);
  }

  @Test
  void holdThatHadExpiredByThenHasExpired() throws SQLException {
    Buyer buyer = sale.buyer(RICH);
    assertThat(hold(buyer, 1)).isInstanceOf(Held.class);
    sale.passDeadline(1);
    // The reconciler may have freed it before; either way it says the same.
    end(buyer);

    assertThat(sale.claim(1).expiredUser()).isEqualTo(buyer.user().number());
    assertThat(pay(buyer, 1).await()).isEqualTo(5);
  }

  @Test
  void holdThatIsBeingWrittenIsGivenBackToo() throws SQLException {
    Buyer buyer = sale.buyer(Won.ZERO);
    try (Connection holding = database.jdbc()) {
      holding.setAutoCommit(false);
      call(
          holding,
          "hold_seats(null, null, '{%s}', '{%d}', '{%d}', '{0}', '{7}', 300000)"
              .formatted(sale.room(), buyer.user().number(), sale.schedule().number()));
      var ending = bus.request(ReservationMessages.END_SESSION, endSession(buyer));
      awaitLockedOut(ending);
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
      call(
          ending,
          "end_session('%s', %d, %d)"
              .formatted(sale.room(), buyer.user().number(), buyer.session().number()));
      var holding = bus.request(ReservationMessages.HOLD, asking(buyer, 7));
      awaitLockedOut(holding);
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
      var ending = bus.request(ReservationMessages.END_SESSION, endSession(buyer));
      awaitLockedOut(ending);
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
      call(
          ending,
          "end_session('%s', %d, %d)"
              .formatted(sale.room(), buyer.user().number(), buyer.session().number()));
      var paying = pay(buyer, 1);
      awaitLockedOut(paying);
      ending.commit();
      assertThat(paying.await()).isEqualTo(6);
    }
    assertThat(sale.claim(1).status()).isEqualTo(SeatStatus.FREE);
  }

  /** Any deadlock fails one of the futures; a bill without its seat fails the invariants. */
  @Test
  void crowdThatHoldsPaysAndLeavesAtOnceMeetsNoDeadlock() throws SQLException {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("SessionEndsIT -Dseed=" + seed);
    var random = new Random(seed);
    var nodes =
        IntStream.range(0, 4)
            .mapToObj(
                i ->
                    new SeatClaims(
                        vertx,
                        sql,
                        new HoldSettings(Duration.ofMinutes(5)),
                        new SimpleMeterRegistry()))
            .toList();
    List<Buyer> buyers = new ArrayList<>(sale.buyers(40, RICH));
    for (int round = 0; round < 12; round++) {
      var work = new ArrayList<Future<?>>();
      for (int i = 0; i < 120; i++) {
        Buyer one = buyers.get(random.nextInt(buyers.size()));
        int seat = random.nextInt(50);
        switch (random.nextInt(5)) {
          case 0, 1 -> {
            Hold asked = asking(one, seat, (seat + 7) % 50);
            work.add(nodes.get(random.nextInt(4)).hold(asked));
          }
          case 2, 3 -> work.add(payBatch(buyers, random));
          default -> work.add(bus.request(ReservationMessages.END_SESSION, endSession(one)));
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
    Long[] users = new Long[size];
    String[] rooms = new String[size];
    Long[] schedules = new Long[size];
    Integer[] seats = new Integer[size];
    Long[] prices = new Long[size];
    for (int i = 0; i < size; i++) {
      users[i] = buyers.get(random.nextInt(buyers.size())).user().number();
      rooms[i] = sale.room().name();
      schedules[i] = sale.schedule().number();
      seats[i] = random.nextInt(50);
      prices[i] = PRICE.amount();
    }
    return sql.query(
        "select * from pay_for_seats($1, $2, $3, $4, $5, $6)",
        Tuple.of(users, rooms, schedules, seats, prices, random.nextBoolean()));
  }

  private Future<Integer> pay(Buyer buyer, int seat) {
    return sql.query("select verdict from " + paying(buyer, seat), Tuple.tuple())
        .map(rows -> rows.iterator().next().getInteger("verdict"));
  }

  private String paying(Buyer buyer, int seat) {
    return "pay_for_seats('{%d}', '{%s}', '{%d}', '{%d}', '{%d}', false)"
        .formatted(
            buyer.user().number(), sale.room(), sale.schedule().number(), seat, PRICE.amount());
  }

  private EndSession endSession(Buyer buyer) {
    return new EndSession(sale.room(), buyer.user(), buyer.session());
  }

  @CanIgnoreReturnValue
  private Noted end(Buyer buyer) {
    return bus.request(ReservationMessages.END_SESSION, endSession(buyer)).await();
  }

  private Hold asking(Buyer buyer, int... seats) {
    return new Hold(
        sale.room(),
        buyer.user(),
        sale.schedule(),
        IntStream.of(seats).mapToObj(sale::seat).toList());
  }

  private ReservationMessages.HoldReply hold(Buyer buyer, int... seats) {
    return bus.request(ReservationMessages.HOLD, asking(buyer, seats)).await();
  }

  private static boolean live(Buyer buyer) {
    return endedAt(buyer) == 0;
  }

  private static long endedAt(Buyer buyer) {
    return database.number(
        "select coalesce(extract(epoch from ended_at) * 1000000, 0)::bigint from room_session where id = "
            + buyer.session().number());
  }

  private static void call(Connection connection, String function) throws SQLException {
    try (var statement = connection.createStatement()) {
      assertThat(statement.execute("select * from " + function)).isTrue();
    }
  }

  private static void awaitLockedOut(Future<?> other) {
    while (database.number(
            """
            select count(*) from pg_stat_activity
            where datname = current_database() and wait_event_type = 'Lock'
            """)
        == 0) {
      assertThat(other.isComplete()).as("it had to wait").isFalse();
      Thread.onSpinWait();
    }
  }
}
