package io.concert.payment;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.IdempotencyKey;
import io.concert.domain.KeyRefusal;
import io.concert.domain.Won;
import io.concert.payment.PaymentMessages.AskBill;
import io.concert.payment.PaymentMessages.BalanceTooSmall;
import io.concert.payment.PaymentMessages.Bill;
import io.concert.payment.PaymentMessages.Charge;
import io.concert.payment.PaymentMessages.Charged;
import io.concert.payment.PaymentMessages.KeyRefused;
import io.concert.payment.PaymentMessages.NotPaid;
import io.concert.payment.PaymentMessages.OverCeiling;
import io.concert.payment.PaymentMessages.Paid;
import io.concert.payment.PaymentMessages.PayRefusal;
import io.concert.payment.PaymentMessages.Refunded;
import io.concert.postgres.CuttingProxy;
import io.concert.postgres.CuttingProxy.Cut;
import io.concert.reservation.SaleFixture.Buyer;
import io.vertx.core.Future;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The link is cut after the COMMIT and before the reply: anyone who asked hears what was done,
 * without asking again. 504 would be allowed, but only for a database that stays away.
 */
class LostRepliesIT extends LedgerFixture {
  private CuttingProxy proxy;
  private Till cut;

  /** Plain statements of the functions are prepared first, or their preparing would be cut. */
  @BeforeEach
  void connect() throws SQLException {
    proxy = CuttingProxy.before(vertx, database.url());
    cut = new Till(vertx, database.sql(vertx, proxy.url(), 2), sale, true);
    Buyer first = holder(99_000, 19);
    Bill bill = cut.bill(first, 19);
    assertThat(cut.refund(first.user(), bill.id())).isInstanceOf(Refunded.class);
    assertThat(cut.charge(first, 1)).isEqualTo(new Charged(new Won(99_001)));
  }

  @AfterEach
  void disconnect() {
    assertThat(proxy.cuts()).isEqualTo(1);
    proxy.close();
  }

  @Test
  void payerHearsOfTheBills() throws SQLException {
    Buyer buyer = holder(198_000, 3, 1);

    proxy.cutOnce(Cut.BEFORE_REPLY);
    Payments.Outcome outcome = cut.outcome(buyer, 3, 1);

    Paid paid = (Paid) outcome.reply();
    assertThat(paid.replayed()).isFalse();
    assertThat(paid.bills()).extracting(bill -> bill.seat().index()).containsExactly(3, 1);
    for (Bill bill : paid.bills()) {
      assertThat(till.accounts.bill(new AskBill(bill.id(), Optional.empty())).await().bill())
          .contains(bill);
    }
    assertThat(outcome.sold()).hasSize(2);
    assertThat(outcome.sold())
        .allSatisfy(sold -> assertThat(sold.fence()).isEqualTo(sale.claim(sold.seat()).fence()));
    assertThat(outcome.endedSession()).contains(buyer.session());
    assertThat(till.balance(buyer)).isEqualTo(Won.ZERO);
  }

  @Test
  void payerWithAKeyHearsTheFirstAnswer() throws SQLException {
    Buyer buyer = holder(99_000, 3);
    IdempotencyKey key = Till.key();

    proxy.cutOnce(Cut.BEFORE_REPLY);
    Paid paid = (Paid) cut.pay(key, buyer, 3);

    assertThat(paid.replayed()).isFalse();
    assertThat(till.pay(key, buyer, 3)).isEqualTo(new Paid(paid.bills(), true));
  }

  /** Each of a batch hears its own verdict, refusals too. */
  @Test
  void neighboursHearEachTheirOwn() throws SQLException {
    Buyer payer = holder(99_000, 0);
    Buyer poor = holder(98_000, 1);
    Buyer without = sale.buyer(new Won(99_000));
    IdempotencyKey used = Till.key();
    Buyer repeater = holder(99_000, 2);
    assertThat(till.charge(used, repeater, 1)).isInstanceOf(Charged.class);

    proxy.cutOnce(Cut.BEFORE_REPLY);
    List<Future<Payments.Outcome>> asked =
        List.of(
            cut.payments.pay(cut.command(payer, 0)),
            cut.payments.pay(cut.command(poor, 1)),
            cut.payments.pay(cut.command(without, 5)),
            cut.payments.pay(cut.command(Till.otherBody(used), repeater, 2)));

    assertThat(asked.get(0).await().reply()).isInstanceOf(Paid.class);
    assertThat(asked.get(1).await().reply())
        .isEqualTo(new BalanceTooSmall(new Won(99_000), new Won(98_000)));
    assertThat(asked.get(2).await().reply())
        .isEqualTo(new NotPaid(PayRefusal.HOLD_REQUIRED, List.of(sale.seat(5))));
    assertThat(asked.get(3).await().reply()).isEqualTo(new KeyRefused(KeyRefusal.REUSED));
  }

  @Test
  void chargerHearsOfTheBalance() throws SQLException {
    Buyer buyer = sale.buyer(new Won(10));

    proxy.cutOnce(Cut.BEFORE_REPLY);
    assertThat(cut.charge(buyer, 5)).isEqualTo(new Charged(new Won(15)));
    assertThat(till.balance(buyer)).isEqualTo(new Won(15));
  }

  @Test
  void refusedChargerHearsOfTheCeiling() throws SQLException {
    Buyer buyer = sale.buyer(new Won(10));

    proxy.cutOnce(Cut.BEFORE_REPLY);
    var charge = new Charge(buyer.user(), new Won(5), new Won(14));
    assertThat(cut.charges.charge(charge).await())
        .isEqualTo(new OverCeiling(new Won(10), new Won(14)));
  }

  @Test
  void refunderHearsOfTheRefund() throws SQLException {
    Buyer buyer = holder(99_000, 3);
    Bill bill = till.bill(buyer, 3);

    proxy.cutOnce(Cut.BEFORE_REPLY);
    Refunds.Outcome outcome =
        cut.refunds.refund(Till.refundOf(Till.key(), buyer.user(), bill.id())).await();

    Refunded refunded = (Refunded) outcome.reply();
    assertThat(refunded.replayed()).isFalse();
    assertThat(till.accounts.bill(new AskBill(bill.id(), Optional.empty())).await().bill())
        .contains(refunded.bill());
    assertThat(outcome.freed().orElseThrow().fence()).isEqualTo(sale.claim(3).fence());
    assertThat(till.balance(buyer)).isEqualTo(new Won(99_000));
  }
}
