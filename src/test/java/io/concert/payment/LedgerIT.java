package io.concert.payment;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.RoomId;
import io.concert.domain.SeatId;
import io.concert.domain.UserId;
import io.concert.domain.Won;
import io.concert.ops.Invariants;
import io.concert.payment.PaymentMessages.AskBalance;
import io.concert.payment.PaymentMessages.BalanceTooSmall;
import io.concert.payment.PaymentMessages.Charge;
import io.concert.payment.PaymentMessages.ChargeReply;
import io.concert.payment.PaymentMessages.Charged;
import io.concert.payment.PaymentMessages.NotPaid;
import io.concert.payment.PaymentMessages.OverCeiling;
import io.concert.payment.PaymentMessages.Paid;
import io.concert.payment.PaymentMessages.Pay;
import io.concert.payment.PaymentMessages.PayRefusal;
import io.concert.payment.PaymentMessages.PayReply;
import io.concert.postgres.Sql;
import io.concert.postgres.TestDatabase;
import io.concert.reservation.SaleFixture;
import io.concert.reservation.SaleFixture.Buyer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LedgerIT {
  private static final Won PRICE = new Won(99_000);
  private static final Won CEILING = new Won(1_000_000_000);

  private static final Vertx vertx = Vertx.vertx();
  private static TestDatabase database;
  private static Sql sql;
  private static Connection connection;

  private SaleFixture sale;
  private Ledger ledger;
  private Ledger keepsSessions;

  @BeforeAll
  static void start() throws SQLException {
    database = TestDatabase.create();
    sql = database.sql(vertx);
    connection = database.jdbc();
  }

  @AfterAll
  static void stop() throws SQLException {
    connection.close();
    vertx.close().await();
    database.close();
  }

  @BeforeEach
  void openSale() throws SQLException {
    sale = SaleFixture.create(connection, 20, PRICE);
    ledger = new Ledger(sql, new PaymentSettings(true));
    keepsSessions = new Ledger(sql, new PaymentSettings(false));
  }

  @AfterEach
  void invariantsHold() {
    assertThat(new Invariants(sql).check().await()).isEmpty();
  }

  @Test
  void paymentDebitsBillsAndSellsOnce() throws SQLException {
    Buyer buyer = sale.buyer(new Won(100_000));
    hold(buyer, 0);

    PayReply first = pay(buyer, 0);
    PayReply again = pay(buyer, 0);

    assertThat(first).isInstanceOf(Paid.class).isEqualTo(again);
    assertThat(balance(buyer)).isEqualTo(new Won(1_000));
    assertThat(sale.claim(0).status().code()).isEqualTo(2);
  }

  @Test
  void twentyPaymentsOfOneHoldMakeOneBillAndOneDebit() throws SQLException {
    Buyer buyer = sale.buyer(new Won(10_000_000));
    hold(buyer, 0);

    List<Future<Ledger.Verdict>> tries = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      tries.add(
          new Ledger(sql, new PaymentSettings(true))
              .pay(new Pay(sale.room(), buyer.user(), sale.seat(0), PRICE)));
    }
    Future.all(tries).await();

    Set<PayReply> answers = new HashSet<>();
    tries.forEach(one -> answers.add(one.result().reply()));
    assertThat(answers).hasSize(1).allMatch(Paid.class::isInstance);
    assertThat(balance(buyer)).isEqualTo(new Won(10_000_000 - 99_000));
  }

  @Test
  void refusalsSayWhyAndMoveNothing() throws SQLException {
    Buyer buyer = sale.buyer(new Won(1_000_000));
    Buyer poor = sale.buyer(new Won(98_999));
    Buyer stranger = sale.stranger(new Won(1_000_000));
    hold(buyer, 0);
    hold(buyer, 1);
    hold(poor, 2);
    sale.passDeadline(1);

    assertThat(pay(buyer, 0, new Won(98_999))).isEqualTo(refused(PayRefusal.PRICE_MISMATCH));
    assertThat(pay(poor, 0)).isEqualTo(refused(PayRefusal.HOLD_REQUIRED));
    assertThat(pay(buyer, 3)).isEqualTo(refused(PayRefusal.HOLD_REQUIRED));
    assertThat(pay(stranger, 3)).isEqualTo(refused(PayRefusal.NOT_ADMITTED));
    assertThat(pay(buyer, 1)).isEqualTo(refused(PayRefusal.HOLD_EXPIRED));
    assertThat(pay(poor, 2)).isEqualTo(new BalanceTooSmall(PRICE, new Won(98_999)));

    assertThat(balance(buyer)).isEqualTo(new Won(1_000_000));
    assertThat(balance(poor)).isEqualTo(new Won(98_999));
    assertThat(sale.claim(2).status().code()).isEqualTo(1);
  }

  @Test
  void cancelledScheduleSellsNothing() throws SQLException {
    Buyer buyer = sale.buyer(new Won(1_000_000));
    hold(buyer, 0);
    database.execute("update schedule set state = 2 where id = " + sale.schedule().number());

    assertThat(pay(buyer, 0)).isEqualTo(refused(PayRefusal.NOT_ON_SALE));
    assertThat(balance(buyer)).isEqualTo(new Won(1_000_000));
  }

  @Test
  void sessionEndsWithTheLastUnpaidHoldAndNotBefore() throws SQLException {
    Buyer buyer = sale.buyer(new Won(1_000_000));
    hold(buyer, 0);
    hold(buyer, 1);

    assertThat(verdict(ledger, buyer, 0).endedSession()).isEmpty();
    assertThat(verdict(ledger, buyer, 1).endedSession()).contains(buyer.session());
    assertThat(pay(buyer, 0)).isInstanceOf(Paid.class);
  }

  @Test
  void sessionGoesOnWhereItIsSetTo() throws SQLException {
    Buyer buyer = sale.buyer(new Won(1_000_000));
    hold(buyer, 0);

    assertThat(verdict(keepsSessions, buyer, 0).endedSession()).isEmpty();
    assertThat(
            database.number(
                "select count(*) from room_session where ended_at is null and id = "
                    + buyer.session().number()))
        .isEqualTo(1);
  }

  @Test
  void badPaymentsInABatchHarmNoNeighbour() throws SQLException {
    List<Future<Ledger.Verdict>> batch = new ArrayList<>();
    List<Buyer> buyers = sale.buyers(20, new Won(200_000));
    for (int i = 0; i < 20; i++) {
      if (i % 3 != 0) {
        hold(buyers.get(i), i);
      }
      batch.add(ledger.pay(new Pay(sale.room(), buyers.get(i).user(), sale.seat(i), PRICE)));
    }
    Future.all(batch).await();

    for (int i = 0; i < 20; i++) {
      assertThat(batch.get(i).result().reply() instanceof Paid).isEqualTo(i % 3 != 0);
    }
  }

  @Test
  void lateBuyerHearsThatTheHoldHasExpiredAlsoWhenTheSeatIsAnothers() throws SQLException {
    Buyer late = sale.buyer(new Won(1_000_000));
    Buyer next = sale.buyer(new Won(1_000_000));
    hold(next, 0);
    database.execute(
        "update seat_claim set expired_user = %d where schedule_id = %d and seat = 0"
            .formatted(late.user().number(), sale.schedule().number()));

    assertThat(pay(late, 0)).isEqualTo(refused(PayRefusal.HOLD_EXPIRED));
    assertThat(pay(next, 0)).isInstanceOf(Paid.class);
  }

  @Test
  void paymentWaitsForWhoeverIsChangingTheSeatAndJudgesWhatIsThere() throws SQLException {
    Buyer buyer = sale.buyer(new Won(1_000_000));
    Buyer other = sale.buyer(Won.ZERO);
    hold(buyer, 0);
    try (Connection changing = database.jdbc();
        Statement statement = changing.createStatement()) {
      changing.setAutoCommit(false);
      statement.execute(
          "update seat_claim set user_number = %d, session_id = %d, fence = nextval('fence') where schedule_id = %d and seat = 0"
              .formatted(
                  other.user().number(), other.session().number(), sale.schedule().number()));
      Future<Ledger.Verdict> paying =
          ledger.pay(new Pay(sale.room(), buyer.user(), sale.seat(0), PRICE));
      String waiting =
          "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like '%pay_for_seats%'";
      while (database.number(waiting) == 0) {
        assertThat(paying.isComplete()).isFalse();
      }
      changing.commit();

      assertThat(paying.await().reply()).isEqualTo(refused(PayRefusal.HOLD_REQUIRED));
      assertThat(balance(buyer)).isEqualTo(new Won(1_000_000));
    }
  }

  @Test
  void sessionPastItsEndLastsAsLongAsTheHoldThatIsStillUnpaid() throws SQLException {
    Buyer buyer = sale.buyer(new Won(1_000_000));
    hold(buyer, 0);
    hold(buyer, 1);
    String session = "from room_session where id = " + buyer.session().number();
    database.execute(
        "update room_session set ends_at = clock_timestamp(), lasts_until = 'infinity' where id = "
            + buyer.session().number());

    assertThat(pay(buyer, 0)).isInstanceOf(Paid.class);
    assertThat(database.number("select (lasts_until = 'infinity')::int " + session)).isZero();
    assertThat(verdict(keepsSessions, buyer, 1).endedSession()).contains(buyer.session());
  }

  @Test
  void chargeOfAMissingAccountIsNoReasonToChargeItsNeighboursTwice() throws SQLException {
    Buyer buyer = sale.stranger(Won.ZERO);
    List<Future<ChargeReply>> batch = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      UserId user = i % 3 == 1 ? new UserId(Long.MAX_VALUE) : buyer.user();
      batch.add(ledger.charge(new Charge(user, new Won(1_000), CEILING)));
    }
    Future.join(batch).otherwiseEmpty().await();

    assertThat(batch).filteredOn(Future::failed).hasSize(3);
    assertThat(balance(buyer)).isEqualTo(new Won(6_000));
  }

  @Test
  void chargesAddUpToTheCeilingAndNoFurther() throws SQLException {
    Buyer buyer = sale.stranger(Won.ZERO);

    assertThat(charge(buyer, 999_999_999)).isEqualTo(new Charged(new Won(999_999_999)));
    assertThat(charge(buyer, 2)).isEqualTo(new OverCeiling(new Won(999_999_999), CEILING));
    assertThat(charge(buyer, Long.MAX_VALUE))
        .isEqualTo(new OverCeiling(new Won(999_999_999), CEILING));
    assertThat(charge(buyer, 1)).isEqualTo(new Charged(CEILING));
    assertThat(balance(buyer)).isEqualTo(CEILING);
  }

  /** Charges and payments of a few users at once from several ledgers: sums must be exact. */
  @Test
  void parallelChargesAndPaymentsOfOneUserSum() throws SQLException {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    List<Buyer> buyers = sale.buyers(3, Won.ZERO);
    for (int seat = 0; seat < 12; seat++) {
      hold(buyers.get(seat % 3), seat);
    }
    List<Ledger> nodes = List.of(ledger, new Ledger(sql, new PaymentSettings(true)));
    long[] charged = new long[3];
    List<Future<?>> running = new ArrayList<>();
    List<List<Future<Ledger.Verdict>>> payments = List.of(list(), list(), list());

    for (int i = 0; i < 600; i++) {
      int who = random.nextInt(3);
      Ledger node = nodes.get(random.nextInt(2));
      if (random.nextInt(4) == 0) {
        int seat = random.nextInt(4) * 3 + who;
        var paying = node.pay(new Pay(sale.room(), buyers.get(who).user(), sale.seat(seat), PRICE));
        payments.get(who).add(paying);
        running.add(paying);
      } else {
        int amount = 1 + random.nextInt(5_000);
        charged[who] += amount;
        running.add(node.charge(new Charge(buyers.get(who).user(), new Won(amount), CEILING)));
      }
    }
    Future.all(running).await();

    for (int who = 0; who < 3; who++) {
      long bills =
          payments.get(who).stream()
              .map(paying -> paying.result().reply())
              .filter(Paid.class::isInstance)
              .distinct()
              .count();
      assertThat(balance(buyers.get(who)))
          .as("seed %d", seed)
          .isEqualTo(new Won(charged[who] - bills * PRICE.amount()));
    }
  }

  private static List<Future<Ledger.Verdict>> list() {
    return new ArrayList<>();
  }

  private PayReply pay(Buyer buyer, int seat) {
    return pay(buyer, seat, PRICE);
  }

  private PayReply pay(Buyer buyer, int seat, Won price) {
    return ledger.pay(new Pay(sale.room(), buyer.user(), sale.seat(seat), price)).await().reply();
  }

  private Ledger.Verdict verdict(Ledger by, Buyer buyer, int seat) {
    RoomId room = sale.room();
    UserId user = buyer.user();
    SeatId wanted = sale.seat(seat);
    return by.pay(new Pay(room, user, wanted, PRICE)).await();
  }

  private ChargeReply charge(Buyer buyer, long amount) {
    return ledger.charge(new Charge(buyer.user(), new Won(amount), CEILING)).await();
  }

  private Won balance(Buyer buyer) {
    return ledger.balance(new AskBalance(buyer.user())).await().amount();
  }

  private static NotPaid refused(PayRefusal reason) {
    return new NotPaid(reason, List.of());
  }

  /** A standing hold, as the hold function leaves it. */
  private void hold(Buyer buyer, int seat) {
    database.execute(
        """
        update seat_claim set state = 1, user_number = %d, session_id = %d,
          (fence, hold_id) = (select n, n from nextval('fence') n), held_at = clock_timestamp(),
          deadline = clock_timestamp() + interval '5 minutes', changed_tx = pg_current_xact_id()
        where schedule_id = %d and seat = %d
        """
            .formatted(
                buyer.user().number(), buyer.session().number(), sale.schedule().number(), seat));
  }
}
