package io.concert.payment;

import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.BillId;
import io.concert.domain.UserId;
import io.concert.domain.Won;
import io.concert.payment.PaymentMessages.AskBill;
import io.concert.payment.PaymentMessages.AskBills;
import io.concert.payment.PaymentMessages.Bill;
import io.concert.payment.PaymentMessages.NotPaid;
import io.concert.payment.PaymentMessages.NotRefunded;
import io.concert.payment.PaymentMessages.OverCeiling;
import io.concert.payment.PaymentMessages.Paid;
import io.concert.payment.PaymentMessages.RefundRefusal;
import io.concert.payment.PaymentMessages.Refunded;
import io.concert.reservation.SaleFixture.Buyer;
import io.concert.reservation.SaleFixture.Claim;
import io.concert.reservation.api.SeatStatus;
import io.vertx.core.Future;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RefundIT extends LedgerFixture {
  @Test
  void refundGivesTheMoneyBackAndFreesTheSeatOnce() throws SQLException {
    Buyer buyer = holder(100_000, 0);
    Bill bill = till.bill(buyer, 0);
    long soldFence = sale.claim(0).fence();

    var first = till.refunds.refund(Till.refundOf(buyer.user(), bill.id())).await();
    var again = till.refunds.refund(Till.refundOf(buyer.user(), bill.id())).await();

    assertThat(first.reply()).isInstanceOf(Refunded.class).isEqualTo(again.reply());
    assertThat(till.balance(buyer)).isEqualTo(new Won(100_000));
    Claim claim = sale.claim(0);
    assertThat(claim.status()).isEqualTo(SeatStatus.FREE);
    assertThat(claim.user()).isZero();
    assertThat(claim.fence()).isGreaterThan(soldFence);
    assertThat(first.freed().orElseThrow().fence()).isEqualTo(claim.fence());
    assertThat(again.freed()).isEmpty();
  }

  @Test
  void refundedSeatIsSoldAgainAndTheFirstBillFreesItNoMore() throws SQLException {
    Buyer first = holder(100_000, 0);
    Bill bill = till.bill(first, 0);
    assertThat(till.refund(first.user(), bill.id())).isInstanceOf(Refunded.class);
    Buyer second = holder(100_000, 0);
    Bill next = till.bill(second, 0);

    assertThat(till.refund(first.user(), bill.id())).isInstanceOf(Refunded.class);
    assertThat(till.pay(first, 0)).isInstanceOf(NotPaid.class);
    assertThat(sale.claim(0).user()).isEqualTo(second.user().number());
    assertThat(till.accounts.bill(new AskBill(next.id(), Optional.empty())).await().bill())
        .contains(next);
    assertThat(till.balance(first)).isEqualTo(new Won(100_000));
  }

  @Test
  void nobodyElsesBillIsRefunded() throws SQLException {
    Buyer buyer = holder(100_000, 0);
    Buyer other = sale.buyer(Won.ZERO);
    Bill bill = till.bill(buyer, 0);

    assertThat(till.refund(other.user(), bill.id())).isEqualTo(refused(RefundRefusal.UNKNOWN_BILL));
    assertThat(till.refund(buyer.user(), new BillId(Long.MAX_VALUE)))
        .isEqualTo(refused(RefundRefusal.UNKNOWN_BILL));
    assertThat(till.balance(buyer)).isEqualTo(new Won(1_000));
  }

  @Test
  void buyerIsLateAfterTheRefundTimeOrTheStartAndTheOperatorIsNot() throws SQLException {
    Buyer buyer = holder(300_000, 0, 1);
    Bill one = till.bill(buyer, 0);
    Bill two = till.bill(buyer, 1);

    setSchedule("refund_until = clock_timestamp() - interval '1 second'");
    assertThat(till.refund(buyer.user(), one.id())).isEqualTo(refused(RefundRefusal.CLOSED));
    setSchedule("refund_until = clock_timestamp() + interval '1 minute'");
    assertThat(till.refund(buyer.user(), one.id())).isInstanceOf(Refunded.class);
    setSchedule("refund_until = null, starts_at = clock_timestamp() - interval '1 second'");
    assertThat(till.refund(buyer.user(), two.id())).isEqualTo(refused(RefundRefusal.CLOSED));
    assertThat(till.refund(buyer.user(), one.id())).isInstanceOf(Refunded.class);

    assertThat(till.refundByOperator(two.id(), Till.CEILING)).isInstanceOf(Refunded.class);
    assertThat(till.balance(buyer)).isEqualTo(new Won(300_000));
  }

  /** Else a refund could be judged in time and take its seat minutes late. */
  @Test
  void refundThatWaitedForItsSeatIsJudgedByTheTimeAfterwards() throws SQLException {
    Buyer buyer = holder(99_000, 0);
    Bill bill = till.bill(buyer, 0);
    Future<Refunds.Outcome> asked;
    try (Connection sitting = database.jdbc();
        Statement statement = sitting.createStatement()) {
      sitting.setAutoCommit(false);
      statement.execute(
          "select from seat_claim where schedule_id = %d and seat = 0 for update"
              .formatted(sale.schedule().number()));
      setSchedule("refund_until = clock_timestamp() + interval '600 ms'");
      asked = till.refunds.refund(Till.refundOf(buyer.user(), bill.id()));
      database.awaitLockedOut(asked);
      String late =
          "select count(*) from schedule where refund_until <= clock_timestamp() and id = ";
      until(() -> database.number(late + sale.schedule().number()) == 1);
      sitting.rollback();
    }

    assertThat(asked.await().reply()).isEqualTo(refused(RefundRefusal.CLOSED));
    assertThat(till.balance(buyer)).isEqualTo(Won.ZERO);
  }

  @Test
  void operatorsRefundIsWrittenDownOnceAndABuyersIsNot() throws SQLException {
    Buyer buyer = holder(300_000, 0, 1);
    Bill one = till.bill(buyer, 0);
    Bill two = till.bill(buyer, 1);

    assertThat(till.refundByOperator(one.id(), Till.CEILING)).isInstanceOf(Refunded.class);
    assertThat(till.refundByOperator(one.id(), Till.CEILING)).isInstanceOf(Refunded.class);
    assertThat(till.refund(buyer.user(), two.id())).isInstanceOf(Refunded.class);

    String rows = "select count(*) from audit where action = 'bill.refund' and subject = '%s'";
    assertThat(
            database.number(
                rows.formatted(one.id())
                    + " and operator = 'olga' and role = 'payments' and request_id = 'request-1'"))
        .isEqualTo(1);
    assertThat(database.number(rows.formatted(two.id()))).isZero();
  }

  @Test
  void refundAboveTheCeilingIsRefusedAndMovesNothing() throws SQLException {
    Buyer buyer = holder(99_000, 0);
    Bill bill = till.bill(buyer, 0);
    var charged = till.charge(buyer, 500);

    assertThat(till.refundByOperator(bill.id(), new Won(99_499)))
        .isEqualTo(new OverCeiling(new Won(500), new Won(99_499)));
    assertThat(sale.claim(0).status()).isEqualTo(SeatStatus.SOLD);
    assertThat(till.refundByOperator(bill.id(), new Won(99_500))).isInstanceOf(Refunded.class);
    assertThat(charged).isNotNull();
  }

  /** Nobody knows whose bills an operator refunds before the database has looked. */
  @Test
  void operatorRefundsAllBillsOfAUserAtOnce() throws SQLException {
    Buyer buyer = holder(4 * 99_000, 0, 1, 2, 3);
    Paid paid = (Paid) till.pay(buyer, 0, 1, 2, 3);

    List<Future<Refunds.Outcome>> running = new ArrayList<>();
    for (Bill bill : paid.bills()) {
      running.add(till.refunds.refund(Till.operatorsRefund(bill.id(), Till.CEILING)));
      running.add(till.refunds.refund(Till.refundOf(buyer.user(), bill.id())));
    }
    Future.all(running).await();

    assertThat(running).allMatch(one -> one.result().reply() instanceof Refunded);
    assertThat(till.balance(buyer)).isEqualTo(new Won(4 * 99_000));
  }

  @Test
  void billOfAFreeSeatIsRefundedWithoutMoney() throws SQLException {
    sale.sql("update seat_claim set price = 0 where schedule_id = ?", sale.schedule().number());
    Buyer buyer = holder(0, 0);
    Paid paid = (Paid) till.payAt(Won.ZERO, buyer, 0);

    assertThat(till.refund(buyer.user(), paid.bills().get(0).id())).isInstanceOf(Refunded.class);
    assertThat(sale.claim(0).status()).isEqualTo(SeatStatus.FREE);
  }

  @Test
  void billsAreListedNewestFirstAndOnlyToTheirBuyer() throws SQLException {
    Buyer buyer = holder(300_000, 0, 1, 2);
    List<Bill> bills = ((Paid) till.pay(buyer, 0, 1, 2)).bills();
    Refunded refunded = (Refunded) till.refund(buyer.user(), bills.get(1).id());

    List<Bill> newest = bills(buyer.user(), Optional.empty());
    List<Bill> older = bills(buyer.user(), Optional.of(newest.get(1).id()));

    assertThat(newest).containsExactly(bills.get(2), refunded.bill());
    assertThat(refunded.bill().refundedAt()).isPresent();
    assertThat(older).containsExactly(bills.get(0));
    BillId id = bills.get(0).id();
    assertThat(till.accounts.bill(new AskBill(id, Optional.of(buyer.user()))).await().bill())
        .contains(bills.get(0));
    UserId other = sale.stranger(Won.ZERO).user();
    assertThat(till.accounts.bill(new AskBill(id, Optional.of(other))).await().bill()).isEmpty();
  }

  private List<Bill> bills(UserId user, Optional<BillId> after) {
    return till.accounts.bills(new AskBills(user, after, 2)).await().bills();
  }

  private static NotRefunded refused(RefundRefusal reason) {
    return new NotRefunded(reason);
  }
}
