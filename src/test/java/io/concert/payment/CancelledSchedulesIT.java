package io.concert.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concert.catalog.CatalogAdmin;
import io.concert.catalog.PgCatalogAdmin;
import io.concert.domain.Won;
import io.concert.payment.PaymentMessages.Bill;
import io.concert.payment.PaymentMessages.Refunded;
import io.concert.payment.PaymentMessages.Remaining;
import io.concert.reservation.SaleFixture;
import io.concert.reservation.SaleFixture.Buyer;
import io.concert.reservation.api.SeatStatus;
import io.vertx.core.Future;
import java.sql.Connection;
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
    Buyer holder = holder(0, 1);

    assertThat(cancelled.refundNow(sale.schedule()).await()).isEqualTo(new Remaining(0));
    cancelled.settleAll().await();

    assertThat(sale.claim(0).status()).isEqualTo(SeatStatus.SOLD);
    assertThat(till.balance(buyer)).isEqualTo(Won.ZERO);
    assertThat(sale.claim(1).status()).isEqualTo(SeatStatus.HELD);
    assertThat(sale.claim(1).user()).isEqualTo(holder.user().number());
  }

  /** Its time may be over while there is more to do: the next turn must come back to it. */
  @Test
  void dateIsSettledOnlyWhenNothingIsLeft() throws SQLException {
    Buyer buyer = holder(3 * 99_000, 0, 1, 2);
    assertThat(till.pay(buyer, 0, 1, 2)).isInstanceOf(PaymentMessages.Paid.class);
    setSchedule("state = 2");
    var twoAtOnce = new CancelledSchedules(sql, 2);

    twoAtOnce.settle(sale.schedule(), System.nanoTime()).await();
    assertThat(unrefunded()).as("a bill is left").isEqualTo(1);
    assertThat(settled()).isFalse();
    twoAtOnce.settleAll().await();
    assertThat(unrefunded()).isZero();
    assertThat(settled()).isTrue();
  }

  @Test
  void dateIsNotSettledWhileASeatIsHeld() throws SQLException {
    Buyer buyer = holder(0, 0, 1, 2);
    setSchedule("state = 2");
    var twoAtOnce = new CancelledSchedules(sql, 2);

    twoAtOnce.settle(sale.schedule(), System.nanoTime()).await();
    assertThat(sale.claims().stream().filter(c -> c.user() == buyer.user().number())).hasSize(1);
    assertThat(settled()).isFalse();
    twoAtOnce.settleAll().await();
    assertThat(settled()).isTrue();
  }

  /** A payment that was judged while the date was on, and hasn't committed yet. */
  @Test
  void cancellingWaitsForPaymentsUnderWayAndGivesTheirMoneyBack() throws SQLException {
    Buyer buyer = holder(99_000, 0);
    var admin = new PgCatalogAdmin(vertx, sql, () -> {});
    Future<?> cancelling;
    try (Connection paying = database.jdbc();
        var pay = paying.prepareStatement(PAY)) {
      paying.setAutoCommit(false);
      pay.setLong(1, buyer.user().number());
      pay.setString(2, sale.room().name());
      pay.setLong(3, sale.schedule().number());
      assertThat(pay.execute()).isTrue();
      cancelling = admin.cancel(sale.schedule(), Till.OPERATOR);
      database.awaitLockedOut(cancelling);
      paying.commit();
    }
    assertThat(cancelling.await()).isInstanceOf(CatalogAdmin.Done.class);
    assertThat(till.balance(buyer)).isEqualTo(Won.ZERO);

    cancelled.settleAll().await();
    assertThat(till.balance(buyer)).isEqualTo(new Won(99_000));
    assertThat(settled()).isTrue();
  }

  private static final String PAY =
      """
      select verdict from pay_for_seats(array[0], array[?::bigint], array[?], array[?::bigint],
        array[0], array[99000::bigint], array[null::uuid], array[null::uuid], true)
      """;

  private long unrefunded() {
    return database.number(
        "select count(*) from bill where refunded_at is null and schedule_id = "
            + sale.schedule().number());
  }

  private boolean settled() {
    return database.number(
            "select (settled_at is not null)::int from schedule where id = "
                + sale.schedule().number())
        == 1;
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
