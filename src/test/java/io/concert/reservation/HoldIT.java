package io.concert.reservation;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.concert.domain.HoldId;
import io.concert.domain.RoomId;
import io.concert.domain.ScheduleId;
import io.concert.domain.SeatId;
import io.concert.domain.UserId;
import io.concert.domain.Won;
import io.concert.postgres.Sql;
import io.concert.postgres.TestDatabase;
import io.concert.reservation.HoldBatch.Judged;
import io.concert.reservation.ReservationMessages.ClaimState;
import io.concert.reservation.ReservationMessages.Held;
import io.concert.reservation.ReservationMessages.HeldSeat;
import io.concert.reservation.ReservationMessages.Hold;
import io.concert.reservation.ReservationMessages.HoldRefusal;
import io.concert.reservation.ReservationMessages.HoldReply;
import io.concert.reservation.ReservationMessages.NotHeld;
import io.concert.reservation.SaleFixture.Buyer;
import io.concert.reservation.SaleFixture.Claim;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the database decides about holds, asked through several {@link SeatClaims} at once. */
class HoldIT {
  private static final Won PRICE = new Won(88_000);
  private static final Duration HOLD = Duration.ofMinutes(5);

  private static TestDatabase database;
  private static Vertx vertx;
  private static Sql sql;

  private Connection connection;
  private SaleFixture sale;

  @BeforeAll
  static void startDatabase() {
    database = TestDatabase.create();
    vertx = Vertx.vertx();
    sql = database.sql(vertx);
  }

  @AfterAll
  static void stopDatabase() {
    vertx.close().await();
    database.close();
  }

  @BeforeEach
  void openSale() throws SQLException {
    connection = database.jdbc();
    sale = SaleFixture.create(connection, 50, PRICE);
  }

  @AfterEach
  void everySessionLastsAsLongAsItsHolds() throws SQLException {
    connection.close();
    assertThat(
            database.number(
                """
                select count(*) from seat_claim c join room_session s on s.id = c.session_id
                where c.state = 1 and s.lasts_until < c.deadline
                """))
        .isZero();
  }

  @Test
  void twoHundredUsersGetFiftySeatsOneEach() throws SQLException {
    var buyers = sale.buyers(200, Won.ZERO);
    var nodes = nodes(3);
    var asked = new ArrayList<Future<Judged>>();
    for (int i = 0; i < buyers.size(); i++) {
      asked.add(nodes.get(i % 3).hold(hold(buyers.get(i), i % 50)));
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
        asked.add(nodes.get(i).hold(hold(date, greedy, i)));
      }

      var replies = replies(asked);

      assertThat(replies.stream().filter(Held.class::isInstance)).as("round " + round).hasSize(4);
      assertThat(count(replies, HoldRefusal.LIMIT_REACHED)).isEqualTo(4);
    }
  }

  @Test
  void boughtSeatsAndOtherSeatsOfTheSameCommandCountTowardTheLimit() throws SQLException {
    var buyer = sale.buyer(Won.ZERO);
    ask(buyer, 0, 1);
    sale.sql(
        "update seat_claim set state = 2, deadline = null where schedule_id = ? and seat = 0",
        sale.schedule().number());

    assertThat(refusal(ask(buyer, 2, 3, 4))).isEqualTo(HoldRefusal.LIMIT_REACHED);
    assertThat(ask(buyer, 2, 3)).isInstanceOf(Held.class);
    assertThat(refusal(ask(buyer, 4))).isEqualTo(HoldRefusal.LIMIT_REACHED);
    assertThat(held(ask(buyer, 1, 2)).holds()).as("again, adds nothing").hasSize(2);
  }

  @Test
  void anotherDateHasALimitOfItsOwn() throws SQLException {
    var buyer = sale.buyer(Won.ZERO);
    ask(buyer, 0, 1, 2, 3);

    assertThat(ask(sale.anotherDate(), buyer, 0, 1, 2, 3)).isInstanceOf(Held.class);
  }

  @Test
  void askedAgainTheHolderGetsTheSameHold() throws SQLException {
    var buyer = sale.buyer(Won.ZERO);
    var first = held(ask(buyer, 7));

    assertThat(ask(buyer, 7)).isEqualTo(first);
    var wider = held(ask(buyer, 8, 7));
    assertThat(wider.holds())
        .extracting(HeldSeat::seat)
        .containsExactly(sale.seat(8), sale.seat(7));
    assertThat(wider.holds().get(1)).isEqualTo(first.holds().get(0));
  }

  @Test
  void aSeatPastItsDeadlineGoesToTheNextWhoAsks() throws SQLException {
    var late = sale.buyer(Won.ZERO);
    var next = sale.buyer(Won.ZERO);
    long first = held(ask(late, 7)).holds().get(0).hold().fence();
    assertThat(refusal(ask(next, 7))).isEqualTo(HoldRefusal.SEAT_TAKEN);

    sale.passDeadline(7);

    var second = held(ask(next, 7)).holds().get(0);
    assertThat(second.hold().fence()).isGreaterThan(first);
    assertThat(sale.claim(7).user()).isEqualTo(next.user().number());
  }

  @Test
  void aHoldThatRanOutIsHeldAnewByItsFormerHolder() throws SQLException {
    var buyer = sale.buyer(Won.ZERO);
    var first = held(ask(buyer, 7)).holds().get(0);
    sale.passDeadline(7);

    var second = held(ask(buyer, 7)).holds().get(0);

    assertThat(second.hold().fence()).isGreaterThan(first.hold().fence());
    assertThat(second.deadline()).isAfterOrEqualTo(first.deadline());
  }

  @Test
  void aHoldKeepsItsSessionUntilItsDeadline() throws SQLException {
    var buyer = sale.buyer(Won.ZERO);
    sale.sql(
        "update room_session set ends_at = ends_at - interval '9 min', lasts_until = ends_at - "
            + "interval '9 min' where id = ?",
        buyer.session().number());

    var deadline = held(ask(buyer, 7)).holds().get(0).deadline();

    assertThat(
            database.number(
                "select (extract(epoch from lasts_until) * 1000)::bigint from room_session where id = "
                    + buyer.session().number()))
        .isEqualTo(deadline.toEpochMilli());
  }

  @Test
  void aHoldIsAFirstActionAndKeepsItsSession() throws SQLException {
    var acting = sale.buyer(Won.ZERO);
    var idle = sale.buyer(Won.ZERO);
    ask(acting, 7);
    sale.sql(
        "update room_session set act_by = clock_timestamp() where room_id = ?", sale.room().name());

    sale.sql("create temp table due as select * from end_due_sessions()");

    assertThat(ended(acting)).isFalse();
    assertThat(ended(idle)).isTrue();
    sale.sql("drop table due");
  }

  private static boolean ended(Buyer buyer) {
    return database.number(
            "select count(*) from room_session where ended_at is not null and id = "
                + buyer.session().number())
        == 1;
  }

  @Test
  void severalSeatsAreHeldAllOrNone() throws SQLException {
    var ann = sale.buyer(Won.ZERO);
    var ben = sale.buyer(Won.ZERO);
    ask(ann, 5);

    assertThat(ask(ben, 4, 5, 6))
        .isEqualTo(new NotHeld(HoldRefusal.SEAT_TAKEN, List.of(sale.seat(5))));
    assertThat(sale.claim(4).status()).isEqualTo(SeatStatus.FREE);
    assertThat(sale.claim(6).status()).isEqualTo(SeatStatus.FREE);
  }

  @Test
  void onlyWhoHasALiveSessionInTheConcertsRoomMayHold() throws SQLException {
    var stranger = sale.stranger(Won.ZERO);
    var gone = sale.buyer(Won.ZERO);
    sale.sql(
        "update room_session set ended_at = clock_timestamp() where id = ?",
        gone.session().number());
    var over = sale.buyer(Won.ZERO);
    sale.sql(
        "update room_session set ends_at = clock_timestamp() where id = ?",
        over.session().number());
    var elsewhere = SaleFixture.create(connection, 1, PRICE).buyer(Won.ZERO);
    var admitted = sale.buyer(Won.ZERO);

    for (Buyer refused : List.of(stranger, gone, over, elsewhere)) {
      assertThat(refusal(ask(refused, 1))).isEqualTo(HoldRefusal.NOT_ADMITTED);
    }
    var wrongRoom =
        new Hold(RoomId.DEFAULT, admitted.user(), sale.schedule(), List.of(sale.seat(1)));
    assertThat(refusal(judged(wrongRoom).reply())).isEqualTo(HoldRefusal.NOT_ADMITTED);
    assertThat(sale.claim(1).status()).isEqualTo(SeatStatus.FREE);
  }

  @Test
  void onlyAScheduleOnSaleGivesSeats() throws SQLException {
    var buyer = sale.buyer(Won.ZERO);
    for (String change :
        List.of(
            "state = 1",
            "state = 2",
            "opens_at = clock_timestamp() + interval '1 hour'",
            "closes_at = clock_timestamp()")) {
      var date = sale.anotherDate();
      date.sql("update schedule set " + change + " where id = ?", date.schedule().number());

      assertThat(refusal(ask(date, buyer, 0))).as(change).isEqualTo(HoldRefusal.NOT_ON_SALE);
    }
    var always = sale.anotherDate();
    always.sql(
        "update schedule set opens_at = null, closes_at = null where id = ?",
        always.schedule().number());
    assertThat(ask(always, buyer, 0)).isInstanceOf(Held.class);
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
      blocker.setAutoCommit(false);
      try (var lock = blocker.createStatement()) {
        lock.execute(
            "select 1 from seat_claim where schedule_id = %d and seat = 1 for update"
                .formatted(sale.schedule().number()));
      }
      asked = nodes(1).get(0).hold(hold(buyer, 1));
      TimeUnit.MILLISECONDS.sleep(600);
      assertThat(asked.isComplete()).isFalse();
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
        update.executeUpdate(
            "update schedule set state = 2 where id = " + sale.schedule().number());
      }
      asked = nodes(1).get(0).hold(hold(buyer, 1));
      TimeUnit.MILLISECONDS.sleep(300);
      assertThat(asked.isComplete()).isFalse();
      cancelling.commit();
    }
    assertThat(refusal(asked.await().reply())).isEqualTo(HoldRefusal.NOT_ON_SALE);
  }

  @Test
  void houseSeatsAndSeatsThatDoNotExistAreNotOnSale() throws SQLException {
    var buyer = sale.buyer(Won.ZERO);
    sale.sql(
        "update seat_claim set state = 3 where schedule_id = ? and seat = 9",
        sale.schedule().number());

    assertThat(ask(buyer, 8, 9))
        .isEqualTo(new NotHeld(HoldRefusal.NOT_ON_SALE, List.of(sale.seat(9))));
    assertThat(ask(buyer, 8, 50))
        .isEqualTo(new NotHeld(HoldRefusal.NOT_ON_SALE, List.of(sale.seat(50))));
  }

  @Test
  void aBadCommandHarmsNoNeighbourInItsBatch() throws SQLException {
    var buyers = sale.buyers(10, Won.ZERO);
    var nowhere = new ScheduleId(999_999);
    var one = nodes(1).get(0);
    var asked = new ArrayList<Future<Judged>>();
    for (int i = 0; i < 10; i++) {
      asked.add(one.hold(hold(buyers.get(i), i)));
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
    var one = nodes(1).get(0);
    var asked = new ArrayList<Future<Judged>>();
    asked.add(one.hold(hold(ann, 1)));
    asked.add(one.hold(hold(ben, 1)));
    asked.add(one.hold(hold(ann, 2)));
    asked.add(one.hold(hold(ann, 3, 4)));
    asked.add(one.hold(hold(ann, 5, 6)));

    var replies = replies(asked);

    assertThat(replies.subList(0, 2).stream().filter(Held.class::isInstance)).hasSize(1);
    assertThat(count(replies, HoldRefusal.SEAT_TAKEN)).isEqualTo(1);
    assertThat(count(replies, HoldRefusal.LIMIT_REACHED)).isPositive();
    assertThat(sale.claims().stream().filter(claim -> claim.user() == ann.user().number()))
        .hasSizeBetween(3, 4);
  }

  @Test
  void whoLosesASeatLearnsWhoHasIt() throws SQLException {
    var ann = sale.buyer(Won.ZERO);
    var ben = sale.buyer(Won.ZERO);
    var given = held(ask(ann, 5)).holds().get(0);

    assertThat(judged(hold(ben, 5)).truths())
        .containsExactly(
            new ClaimState(
                5,
                SeatStatus.HELD,
                ann.user().number(),
                given.hold().fence(),
                given.deadline().toEpochMilli()));
  }

  @Test
  void overlappingHoldsOfSeveralSeatsDoNotDeadlock() throws SQLException {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("HoldIT -Dseed=" + seed);
    var random = new Random(seed);
    var other = sale.anotherDate();
    var buyers = sale.buyers(30, Won.ZERO);
    var nodes = nodes(5);
    var asked = new ArrayList<Future<Judged>>();
    for (int i = 0; i < 3_000; i++) {
      var date = random.nextBoolean() ? sale : other;
      var seats = random.ints(0, 50).distinct().limit(1 + random.nextInt(4)).toArray();
      var hold = hold(date, buyers.get(random.nextInt(buyers.size())), seats);
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

  @Test
  void dueHoldsAreFreedAndTheirHolderIsRemembered() throws SQLException {
    var buyer = sale.buyer(Won.ZERO);
    ask(buyer, 1, 2, 3);
    sale.passDeadline(1, 2);
    var claims = nodes(1).get(0);

    var freed = claims.freeDue(100).await();

    assertThat(freed.get(sale.schedule()))
        .extracting(ClaimState::seat)
        .containsExactlyInAnyOrder(1, 2);
    assertThat(freed.get(sale.schedule()))
        .allMatch(row -> row.status() == SeatStatus.FREE && row.user() == 0);
    assertThat(sale.claim(1).expiredUser()).isEqualTo(buyer.user().number());
    assertThat(sale.claim(3).status()).isEqualTo(SeatStatus.HELD);
    assertThat(claims.freeDue(100).await()).doesNotContainKey(sale.schedule());
  }

  @Test
  void aThousandDueHoldsAreFreedWithinASecond() throws SQLException {
    var hall = SaleFixture.create(connection, 1_000, PRICE, 1_000);
    ask(hall, hall.buyer(Won.ZERO), IntStream.range(0, 1_000).toArray());
    hall.passDeadline(IntStream.range(0, 1_000).boxed().toArray(Integer[]::new));
    var nodes = nodes(3);

    long begun = System.nanoTime();
    var freed = Future.all(nodes.stream().map(node -> node.freeDue(5_000)).toList()).await();

    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(1));
    int count = 0;
    for (Map<ScheduleId, List<ClaimState>> rows : freed.<Map<ScheduleId, List<ClaimState>>>list()) {
      count += rows.getOrDefault(hall.schedule(), List.of()).size();
    }
    assertThat(count).as("each once, whoever freed it").isEqualTo(1_000);
  }

  @Test
  void changesAreSeenHoweverLateTheirTransactionCommits() throws SQLException {
    var buyer = sale.buyer(Won.ZERO);
    var claims = nodes(1).get(0);
    long bound = changes(claims, 0).next();
    try (Connection slow = database.jdbc()) {
      slow.setAutoCommit(false);
      try (var update = slow.createStatement()) {
        update.executeUpdate(
            """
            update seat_claim set state = 3, fence = nextval('fence'),
              changed_tx = pg_current_xact_id()
            where schedule_id = %d and seat = 1
            """
                .formatted(sale.schedule().number()));
      }
      ask(buyer, 2);
      var early = changes(claims, bound);
      assertThat(early.rows()).extracting(ClaimState::seat).containsExactly(2);
      slow.commit();

      var late = changes(claims, early.next());

      assertThat(late.rows()).extracting(ClaimState::seat).contains(1);
      var last = changes(claims, late.next());
      assertThat(last.rows()).isEmpty();
    }
  }

  @Test
  void anUnknownScheduleHasNoClaims() {
    var nowhere = new ScheduleId(999_999);
    assertThat(nodes(1).get(0).all(nowhere).await()).isEmpty();
  }

  private SeatClaims.Changes changes(SeatClaims claims, long since) {
    return claims.changed(Map.of(sale.schedule(), since)).await().values().iterator().next();
  }

  private static List<SeatClaims> nodes(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i -> new SeatClaims(vertx, sql, new HoldSettings(HOLD), new SimpleMeterRegistry()))
        .toList();
  }

  private Hold hold(Buyer buyer, int... seats) {
    return hold(sale, buyer, seats);
  }

  private static Hold hold(SaleFixture date, Buyer buyer, int... seats) {
    return new Hold(
        date.room(),
        buyer.user(),
        date.schedule(),
        IntStream.of(seats).mapToObj(date::seat).toList());
  }

  private static Judged judged(Hold hold) {
    return nodes(1).get(0).hold(hold).await();
  }

  @CanIgnoreReturnValue
  private HoldReply ask(Buyer buyer, int... seats) {
    return ask(sale, buyer, seats);
  }

  @CanIgnoreReturnValue
  private static HoldReply ask(SaleFixture date, Buyer buyer, int... seats) {
    return judged(hold(date, buyer, seats)).reply();
  }

  private static List<HoldReply> replies(List<Future<Judged>> asked) {
    return asked.stream().map(judged -> judged.await().reply()).toList();
  }

  private static HoldRefusal refusal(HoldReply reply) {
    assertThat(reply).isInstanceOf(NotHeld.class);
    return ((NotHeld) reply).reason();
  }

  private static long count(List<HoldReply> replies, HoldRefusal reason) {
    return replies.stream()
        .filter(reply -> reply instanceof NotHeld refused && refused.reason() == reason)
        .count();
  }

  private static Held held(HoldReply reply) {
    assertThat(reply).isInstanceOf(Held.class);
    return (Held) reply;
  }
}
