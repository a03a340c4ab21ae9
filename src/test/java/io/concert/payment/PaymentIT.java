package io.concert.payment;

import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concert.domain.Fault;
import io.concert.domain.SeatId;
import io.concert.domain.Won;
import io.concert.payment.PaymentMessages.BalanceTooSmall;
import io.concert.payment.PaymentMessages.Bill;
import io.concert.payment.PaymentMessages.NotPaid;
import io.concert.payment.PaymentMessages.Paid;
import io.concert.payment.PaymentMessages.Pay;
import io.concert.payment.PaymentMessages.PayRefusal;
import io.concert.payment.PaymentMessages.PayReply;
import io.concert.payment.PaymentMessages.PricedSeat;
import io.concert.reservation.SaleFixture;
import io.concert.reservation.SaleFixture.Buyer;
import io.concert.reservation.api.ReservationMessages.SeatRow;
import io.concert.reservation.api.SeatStatus;
import io.vertx.core.Future;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PaymentIT extends LedgerFixture {
  @Test
  void paymentDebitsBillsAndSellsOnce() throws SQLException {
    Buyer buyer = holder(100_000, 0);

    PayReply first = till.pay(buyer, 0);
    PayReply again = till.pay(buyer, 0);

    assertThat(first).isInstanceOf(Paid.class).isEqualTo(again);
    assertThat(till.balance(buyer)).isEqualTo(new Won(1_000));
    assertThat(sale.claim(0).status()).isEqualTo(SeatStatus.SOLD);
  }

  @Test
  void twentyPaymentsOfOneHoldMakeOneBillAndOneDebit() throws SQLException {
    Buyer buyer = holder(10_000_000, 0);

    List<Future<Payments.Outcome>> tries = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Till node = new Till(vertx, sql, sale, true);
      tries.add(node.payments.pay(node.command(buyer, 0)));
    }
    Future.all(tries).await();

    Set<PayReply> answers = new HashSet<>();
    tries.forEach(one -> answers.add(one.result().reply()));
    assertThat(answers).hasSize(1).allMatch(Paid.class::isInstance);
    assertThat(till.balance(buyer)).isEqualTo(new Won(10_000_000 - 99_000));
  }

  @Test
  void severalSeatsArePaidTogetherInTheOrderAsked() throws SQLException {
    Buyer buyer = holder(1_000_000, 2, 5, 7);

    Payments.Outcome outcome = till.outcome(buyer, 7, 2, 5);

    assertThat(((Paid) outcome.reply()).bills())
        .extracting(Bill::seat)
        .containsExactly(sale.seat(7), sale.seat(2), sale.seat(5));
    assertThat(till.balance(buyer)).isEqualTo(new Won(1_000_000 - 3 * 99_000));
    assertThat(outcome.sold()).extracting(SeatRow::seat).containsExactlyInAnyOrder(2, 5, 7);
    assertThat(outcome.sold())
        .allSatisfy(sold -> assertThat(sold.fence()).isEqualTo(sale.claim(sold.seat()).fence()));
    assertThat(outcome.endedSession()).contains(buyer.session());
  }

  @Test
  void allSeatsOrNoneAndTheRefusalNamesThoseItFailedOn() throws SQLException {
    Buyer buyer = holder(1_000_000, 0, 1, 2);
    sale.passDeadline(1);

    assertThat(till.pay(buyer, 0, 1, 2, 3)).isEqualTo(refused(PayRefusal.HOLD_EXPIRED, 1));
    assertThat(till.pay(buyer, 0, 2, 3, 4)).isEqualTo(refused(PayRefusal.HOLD_REQUIRED, 3, 4));
    assertThat(till.balance(buyer)).isEqualTo(new Won(1_000_000));
    assertThat(sale.claim(0).status()).isEqualTo(SeatStatus.HELD);
  }

  @Test
  void seatsPaidBeforeCountAsPaidAndCostNothing() throws SQLException {
    Buyer buyer = holder(3 * 99_000 - 1, 0, 1, 2);
    Bill first = till.bill(buyer, 0);

    assertThat(till.pay(buyer, 1, 0, 2))
        .isEqualTo(new BalanceTooSmall(new Won(2 * 99_000), new Won(2 * 99_000 - 1)));
    var unused = till.charge(buyer, 1);
    Paid all = (Paid) till.pay(buyer, 1, 0, 2);

    assertThat(all.bills()).contains(first).hasSize(3);
    assertThat(till.pay(buyer, 1, 0, 2)).isEqualTo(all);
    assertThat(till.balance(buyer)).isEqualTo(Won.ZERO);
  }

  @Test
  void refusalsSayWhyAndMoveNothing() throws SQLException {
    Buyer buyer = holder(1_000_000, 0, 1);
    Buyer poor = holder(98_999, 2);
    Buyer stranger = sale.stranger(new Won(1_000_000));
    sale.passDeadline(1);

    assertThat(till.payAt(new Won(98_999), buyer, 0))
        .isEqualTo(refused(PayRefusal.PRICE_MISMATCH, 0));
    assertThat(till.pay(poor, 0)).isEqualTo(refused(PayRefusal.HOLD_REQUIRED, 0));
    assertThat(till.pay(buyer, 3)).isEqualTo(refused(PayRefusal.HOLD_REQUIRED, 3));
    assertThat(till.pay(stranger, 3)).isEqualTo(refused(PayRefusal.NOT_ADMITTED, 3));
    assertThat(till.pay(buyer, 1)).isEqualTo(refused(PayRefusal.HOLD_EXPIRED, 1));
    assertThat(till.pay(poor, 2)).isEqualTo(new BalanceTooSmall(PRICE, new Won(98_999)));

    assertThat(till.balance(buyer)).isEqualTo(new Won(1_000_000));
    assertThat(till.balance(poor)).isEqualTo(new Won(98_999));
    assertThat(sale.claim(2).status()).isEqualTo(SeatStatus.HELD);
  }

  /** A seat that the layout doesn't have costs nothing that anybody could name. */
  @Test
  void seatThatIsNotThereHasAnotherPrice() throws SQLException {
    assertThat(till.pay(holder(1_000_000), 999)).isEqualTo(refused(PayRefusal.PRICE_MISMATCH, 999));
  }

  @Test
  void tokenOfAnotherRoomPaysNothingButHearsOfWhatIsPaid() throws SQLException {
    Buyer buyer = holder(1_000_000, 0, 1);
    SaleFixture other = SaleFixture.create(connection, 1, PRICE);
    Bill paid = till.bill(buyer, 0);

    assertThat(payWithRoomOf(other, buyer, 1)).isEqualTo(refused(PayRefusal.NOT_ADMITTED, 1));
    assertThat(payWithRoomOf(other, buyer, 0)).isEqualTo(new Paid(paid));
    assertThat(till.balance(buyer)).isEqualTo(new Won(1_000_000 - 99_000));
  }

  private PayReply payWithRoomOf(SaleFixture other, Buyer buyer, int seat) {
    var command = new Pay(other.room(), buyer.user(), sale.seat(seat), PRICE);
    return till.payments.pay(command).await().reply();
  }

  @Test
  void paymentThatNamesASeatTwiceIsNoPaymentAndHarmsNoNeighbour() throws SQLException {
    Buyer buyer = holder(1_000_000, 0);
    var seat = new PricedSeat(sale.seat(0), PRICE);
    var twice =
        new Pay(sale.room(), buyer.user(), sale.schedule(), List.of(seat, seat), Optional.empty());

    assertThatThrownBy(() -> till.payments.pay(twice).await()).isInstanceOf(Fault.class);
    assertThat(till.pay(buyer, 0)).isInstanceOf(Paid.class);
  }

  @Test
  void freeSeatIsBilledWithoutMovingMoney() throws SQLException {
    sale.sql("update seat_claim set price = 0 where schedule_id = ?", sale.schedule().number());
    Buyer buyer = holder(0, 0);

    assertThat(till.payAt(Won.ZERO, buyer, 0)).isInstanceOf(Paid.class);
    assertThat(sale.claim(0).status()).isEqualTo(SeatStatus.SOLD);
  }

  @Test
  void cancelledScheduleSellsNothing() throws SQLException {
    Buyer buyer = holder(1_000_000, 0);
    setSchedule("state = 2");

    assertThat(till.pay(buyer, 0)).isEqualTo(refused(PayRefusal.NOT_ON_SALE, 0));
    assertThat(till.balance(buyer)).isEqualTo(new Won(1_000_000));
  }

  @Test
  void sessionEndsWithTheLastUnpaidHoldAndNotBefore() throws SQLException {
    Buyer buyer = holder(1_000_000, 0, 1);

    assertThat(till.outcome(buyer, 0).endedSession()).isEmpty();
    assertThat(till.outcome(buyer, 1).endedSession()).contains(buyer.session());
    assertThat(till.pay(buyer, 0)).isInstanceOf(Paid.class);
  }

  @Test
  void sessionGoesOnWhereItIsSetTo() throws SQLException {
    Buyer buyer = holder(1_000_000, 0);

    assertThat(new Till(vertx, sql, sale, false).outcome(buyer, 0).endedSession()).isEmpty();
    assertThat(
            database.number(
                "select count(*) from room_session where ended_at is null and id = "
                    + buyer.session().number()))
        .isEqualTo(1);
  }

  @Test
  void sessionPastItsEndLastsAsLongAsTheHoldThatIsStillUnpaid() throws SQLException {
    Buyer buyer = holder(1_000_000, 0, 1);
    String session = "from room_session where id = " + buyer.session().number();
    database.execute(
        "update room_session set ends_at = clock_timestamp(), lasts_until = 'infinity' where id = "
            + buyer.session().number());

    assertThat(till.pay(buyer, 0)).isInstanceOf(Paid.class);
    assertThat(database.number("select (lasts_until = 'infinity')::int " + session)).isZero();
    assertThat(new Till(vertx, sql, sale, false).outcome(buyer, 1).endedSession())
        .contains(buyer.session());
  }

  @Test
  void badPaymentsInABatchHarmNoNeighbour() throws SQLException {
    List<Future<Payments.Outcome>> batch = new ArrayList<>();
    List<Buyer> buyers = sale.buyers(20, new Won(200_000));
    for (int i = 0; i < 20; i++) {
      if (i % 3 != 0) {
        hold(buyers.get(i), i);
      }
    }
    for (int i = 0; i < 20; i++) {
      batch.add(till.payments.pay(till.command(buyers.get(i), i)));
    }
    Future.all(batch).await();

    for (int i = 0; i < 20; i++) {
      assertThat(batch.get(i).result().reply() instanceof Paid).isEqualTo(i % 3 != 0);
    }
  }

  @Test
  void lateBuyerHearsThatTheHoldHasExpiredAlsoWhenTheSeatIsAnothers() throws SQLException {
    Buyer late = sale.buyer(new Won(1_000_000));
    Buyer next = holder(1_000_000, 0);
    database.execute(
        "update seat_claim set expired_user = %d where schedule_id = %d and seat = 0"
            .formatted(late.user().number(), sale.schedule().number()));

    assertThat(till.pay(late, 0)).isEqualTo(refused(PayRefusal.HOLD_EXPIRED, 0));
    assertThat(till.pay(next, 0)).isInstanceOf(Paid.class);
  }

  @Test
  void paymentWaitsForWhoeverIsChangingTheSeatAndJudgesWhatIsThere() throws SQLException {
    Buyer buyer = holder(1_000_000, 0);
    Buyer other = sale.buyer(Won.ZERO);
    try (Connection changing = database.jdbc();
        Statement statement = changing.createStatement()) {
      changing.setAutoCommit(false);
      statement.execute(
          "update seat_claim set user_number = %d, session_id = %d, fence = nextval('fence') where schedule_id = %d and seat = 0"
              .formatted(
                  other.user().number(), other.session().number(), sale.schedule().number()));
      Future<Payments.Outcome> paying = till.payments.pay(till.command(buyer, 0));
      awaitWaiting("pay_for_seats", paying);
      changing.commit();

      assertThat(paying.await().reply()).isEqualTo(refused(PayRefusal.HOLD_REQUIRED, 0));
      assertThat(till.balance(buyer)).isEqualTo(new Won(1_000_000));
    }
  }

  /** The start of the transaction was in time; when it had the locks it wasn't any more. */
  @Test
  void paymentThatWaitedPastTheDeadlineIsTooLate() throws SQLException {
    Buyer buyer = holder(1_000_000, 0);
    sale.sql(
        "update seat_claim set deadline = clock_timestamp() + interval '400 milliseconds'"
            + " where schedule_id = ? and seat = 0",
        sale.schedule().number());
    try (Connection holding = database.jdbc();
        Statement statement = holding.createStatement()) {
      holding.setAutoCommit(false);
      statement.execute(
          "select from account where user_number = " + buyer.user().number() + " for update");
      Future<Payments.Outcome> paying = till.payments.pay(till.command(buyer, 0));
      awaitWaiting("pay_for_seats", paying);
      statement.execute("select pg_sleep(0.5)");
      holding.commit();

      assertThat(paying.await().reply()).isEqualTo(refused(PayRefusal.HOLD_EXPIRED, 0));
    }
  }

  private static void awaitWaiting(String function, Future<?> running) {
    String waiting =
        "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like '%"
            + function
            + "%'";
    until(
        () -> {
          if (database.number(waiting) > 0) {
            return true;
          }
          assertThat(running.isComplete()).isFalse();
          return false;
        });
  }

  private NotPaid refused(PayRefusal reason, int... seats) {
    List<SeatId> named = IntStream.of(seats).mapToObj(sale::seat).toList();
    return new NotPaid(reason, named);
  }
}
