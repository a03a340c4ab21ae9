package io.concert.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concert.domain.Won;
import io.concert.payment.PaymentMessages.Bill;
import io.concert.payment.PaymentMessages.Refunded;
import io.concert.payment.PaymentMessages.Remaining;
import io.concert.reservation.SaleFixture;
import io.concert.reservation.SaleFixture.Buyer;
import io.concert.reservation.SeatStatus;
import io.vertx.core.Future;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CancelledSchedulesIT extends LedgerFixture {
  private CancelledSchedules cancelled;

  @BeforeEach
  void open() {
    cancelled = new CancelledSchedules(sql);
  }

  @Test
  void cancellingGivesAllMoneyAndHoldsBackWhateverTheCeiling() throws SQLException {
    Buyer rich = holder(198_000, 0, 1);
    Bill first = till.bill(rich, 0);
    var second = till.bill(rich, 1);
    var full = till.charge(rich, Till.CEILING.amount());
    Buyer holder = holder(99_000, 2);
    setSchedule("state = 2");

    assertThat(cancelled.refundNow(sale.schedule()).await()).isEqualTo(new Remaining(0));

    assertThat(till.balance(rich).amount()).isEqualTo(Till.CEILING.amount() + 198_000);
    assertThat(sale.claims())
        .allMatch(claim -> claim.status() == SeatStatus.FREE && claim.user() == 0);
    assertThat(till.balance(holder)).isEqualTo(new Won(99_000));
    assertThat(till.refund(rich.user(), first.id())).isInstanceOf(Refunded.class);
    assertThat(List.of(second, full)).doesNotContainNull();
  }

  @Test
  void dateThatIsNotCancelledKeepsItsBills() throws SQLException {
    Buyer buyer = holder(99_000, 0);
    assertThat(till.bill(buyer, 0)).isNotNull();

    assertThat(cancelled.refundNow(sale.schedule()).await()).isEqualTo(new Remaining(0));
    cancelled.settleAll().await();

    assertThat(sale.claim(0).status()).isEqualTo(SeatStatus.SOLD);
    assertThat(till.balance(buyer)).isEqualTo(Won.ZERO);
  }

  @Test
  void twoNodesAndTheBuyersThemselvesRefundEachBillOnce() throws SQLException {
    SaleFixture big = SaleFixture.create(connection, 600, PRICE, 600);
    List<Buyer> buyers = big.buyers(12, new Won(50 * 99_000));
    Till bigTill = new Till(vertx, sql, big, true);
    sale = big;
    List<Future<?>> paying = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      int[] seats = new int[50];
      for (int n = 0; n < 50; n++) {
        seats[n] = n * 12 + i;
      }
      hold(buyers.get(i), seats);
      paying.add(bigTill.payments.pay(bigTill.command(buyers.get(i), seats)));
    }
    Future.all(paying).await();
    setSchedule("state = 2");

    List<Future<?>> refunding = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      refunding.add(new CancelledSchedules(sql).settleAll());
      refunding.add(new CancelledSchedules(sql).refundNow(big.schedule()));
    }
    for (int i = 0; i < 12; i++) {
      Payments.Outcome outcome = (Payments.Outcome) paying.get(i).result();
      Bill bill = ((PaymentMessages.Paid) outcome.reply()).bills().get(7);
      refunding.add(bigTill.refunds.refund(Till.refundOf(buyers.get(i).user(), bill.id())));
    }
    Future.all(refunding).await();

    for (Buyer buyer : buyers) {
      assertThat(bigTill.balance(buyer)).isEqualTo(new Won(50 * 99_000));
    }
    assertThat(
            database.number(
                "select (settled_at is not null)::int from schedule where id = "
                    + big.schedule().number()))
        .isEqualTo(1);
  }

  /** Else its next cancelling would refund nobody. */
  @Test
  void settledDateCannotBeSoldAgainUnlessItForgetsThat() throws SQLException {
    setSchedule("state = 2");
    cancelled.settleAll().await();

    assertThatThrownBy(() -> setSchedule("state = 0")).isInstanceOf(SQLException.class);
    setSchedule("state = 0, settled_at = null");
  }
}
