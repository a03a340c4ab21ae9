package io.concert.payment;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.IdempotencyKey;
import io.concert.domain.KeyRefusal;
import io.concert.domain.Won;
import io.concert.payment.PaymentMessages.Bill;
import io.concert.payment.PaymentMessages.Charge;
import io.concert.payment.PaymentMessages.Charged;
import io.concert.payment.PaymentMessages.KeyRefused;
import io.concert.payment.PaymentMessages.NotPaid;
import io.concert.payment.PaymentMessages.Paid;
import io.concert.payment.PaymentMessages.PayReply;
import io.concert.payment.PaymentMessages.Refunded;
import io.concert.reservation.SaleFixture.Buyer;
import io.concert.reservation.api.SeatStatus;
import io.vertx.core.Future;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** One idempotency key, one effect, one answer. */
class KeyIT extends LedgerFixture {
  private static final KeyRefused IN_FLIGHT = new KeyRefused(KeyRefusal.IN_FLIGHT);
  private static final KeyRefused REUSED = new KeyRefused(KeyRefusal.REUSED);

  @Test
  void paymentSentAgainIsAnsweredAsTheFirstTime() throws SQLException {
    Buyer buyer = holder(1_000_000, 3, 1);
    IdempotencyKey key = Till.key();

    Paid first = (Paid) till.pay(key, buyer, 3, 1);
    Paid again = (Paid) new Till(vertx, sql, sale, true).pay(key, buyer, 3, 1);

    assertThat(first.replayed()).isFalse();
    assertThat(again).isEqualTo(new Paid(first.bills(), true));
    assertThat(till.balance(buyer)).isEqualTo(new Won(1_000_000 - 2 * 99_000));
  }

  /** What became of the bill since isn't what was answered. */
  @Test
  void answerStaysWhatItWasAlsoWhenTheBillWasRefunded() throws SQLException {
    Buyer buyer = holder(1_000_000, 0);
    IdempotencyKey key = Till.key();
    Paid first = (Paid) till.pay(key, buyer, 0);
    Bill bill = first.bills().get(0);

    assertThat(till.refund(buyer.user(), bill.id())).isInstanceOf(Refunded.class);

    assertThat(till.pay(key, buyer, 0)).isEqualTo(new Paid(first.bills(), true));
    assertThat(till.balance(buyer)).isEqualTo(new Won(1_000_000));
  }

  @Test
  void replayTellsNobodyAnythingNew() throws SQLException {
    Buyer buyer = holder(1_000_000, 0);
    IdempotencyKey key = Till.key();
    var first = till.payments.pay(till.command(key, buyer, 0)).await();
    var again = till.payments.pay(till.command(key, buyer, 0)).await();

    assertThat(first.sold()).hasSize(1);
    assertThat(first.endedSession()).isPresent();
    assertThat(again.sold()).isEmpty();
    assertThat(again.endedSession()).isEmpty();
  }

  @Test
  void chargesAndRefundsAreReplayedToo() throws SQLException {
    Buyer buyer = holder(99_000, 0);
    Bill bill = till.bill(buyer, 0);
    IdempotencyKey charge = Till.key();
    IdempotencyKey refund = Till.key();

    assertThat(till.charge(charge, buyer, 500)).isEqualTo(new Charged(new Won(500)));
    Refunded refunded =
        (Refunded)
            till.refunds.refund(Till.refundOf(refund, buyer.user(), bill.id())).await().reply();

    assertThat(till.charge(charge, buyer, 500)).isEqualTo(new Charged(new Won(500), true));
    assertThat(till.refunds.refund(Till.refundOf(refund, buyer.user(), bill.id())).await().reply())
        .isEqualTo(new Refunded(refunded.bill(), true));
    assertThat(till.balance(buyer)).isEqualTo(new Won(99_500));
  }

  /** It only asks for the balance, but its key is used up like any other. */
  @Test
  void chargeOfNothingIsAnAnswerToo() throws SQLException {
    Buyer buyer = sale.buyer(new Won(10));
    IdempotencyKey key = Till.key();

    assertThat(till.charge(key, buyer, 0)).isEqualTo(new Charged(new Won(10)));
    assertThat(till.charge(Till.otherBody(key), buyer, 5)).isEqualTo(REUSED);
    assertThat(till.charge(buyer, 5)).isEqualTo(new Charged(new Won(15)));
    assertThat(till.charge(key, buyer, 0)).isEqualTo(new Charged(new Won(10), true));
    assertThat(
            database.number(
                "select count(*) from ledger_entry where user_number = " + buyer.user().number()))
        .as("the fixture's and one charge")
        .isEqualTo(2);
  }

  @Test
  void sameKeyWithAnotherBodyIsRefusedAndDoesNothing() throws SQLException {
    Buyer buyer = holder(1_000_000, 0, 1);
    IdempotencyKey key = Till.key();

    assertThat(till.charge(key, buyer, 1)).isEqualTo(new Charged(new Won(1_000_001)));
    assertThat(till.charge(Till.otherBody(key), buyer, 2)).isEqualTo(REUSED);
    assertThat(till.pay(Till.otherBody(key), buyer, 0)).isEqualTo(REUSED);
    assertThat(till.balance(buyer)).isEqualTo(new Won(1_000_001));
  }

  /** Else the second key would buy the seat again when the first bill is refunded. */
  @Test
  void secondKeyThatFoundASeatPaidKeepsThatAnswer() throws SQLException {
    Buyer buyer = holder(1_000_000, 0, 1);
    IdempotencyKey second = Till.key();
    Bill bill = till.bill(buyer, 0);
    assertThat(till.pay(second, buyer, 0)).isEqualTo(new Paid(List.of(bill), false));
    assertThat(till.refund(buyer.user(), bill.id())).isInstanceOf(Refunded.class);
    hold(buyer, 0);

    assertThat(till.pay(second, buyer, 0)).isEqualTo(new Paid(List.of(bill), true));
    assertThat(till.pay(Till.otherBody(second), buyer, 0)).isEqualTo(REUSED);
    assertThat(till.balance(buyer)).isEqualTo(new Won(1_000_000));
    assertThat(sale.claim(0).status()).as("held, not bought").isEqualTo(SeatStatus.HELD);
  }

  @Test
  void secondKeyThatFoundABillRefundedKeepsThatAnswer() throws SQLException {
    Buyer buyer = holder(99_000, 0);
    Bill bill = till.bill(buyer, 0);
    Refunded first = (Refunded) till.refund(buyer.user(), bill.id());
    IdempotencyKey second = Till.key();
    var refund = Till.refundOf(second, buyer.user(), bill.id());

    assertThat(till.refunds.refund(refund).await().reply()).isEqualTo(first);
    var again = till.refunds.refund(refund).await();
    assertThat(again.reply()).isEqualTo(new Refunded(first.bill(), true));
    assertThat(again.freed()).isEmpty();
    var other = Till.refundOf(Till.otherBody(second), buyer.user(), bill.id());
    assertThat(till.refunds.refund(other).await().reply()).isEqualTo(REUSED);
  }

  @Test
  void refusalsAreNotKept() throws SQLException {
    Buyer buyer = holder(0, 0);
    IdempotencyKey key = Till.key();

    assertThat(till.pay(key, buyer, 1)).isInstanceOf(NotPaid.class);
    var charged = till.charge(buyer, 99_000);
    assertThat(till.pay(key, buyer, 0)).isInstanceOf(Paid.class);
    assertThat(till.pay(Till.otherBody(key), buyer, 0)).isEqualTo(REUSED);
    assertThat(charged).isEqualTo(new Charged(new Won(99_000)));
  }

  /** Who sends it again at once hears so at once; neighbours in the batch don't wait for it. */
  @Test
  void keyInFlightIsSaidAtOnceAndHoldsUpNobody() throws SQLException {
    Buyer buyer = holder(1_000_000, 0);
    Buyer neighbour = holder(1_000_000, 1);
    IdempotencyKey key = Till.key();
    try (Connection holding = database.jdbc();
        Statement statement = holding.createStatement()) {
      holding.setAutoCommit(false);
      statement.execute(
          "select from account where user_number = " + buyer.user().number() + " for update");
      Future<Payments.Outcome> first = till.payments.pay(till.command(key, buyer, 0));
      database.awaitLockedOut(first);
      Till other = new Till(vertx, sql, sale, true);
      // Gathers behind the first of these three: the last two share a batch.
      List<Future<Payments.Outcome>> blockers = new ArrayList<>();
      Buyer third = holder(1_000_000, 2);
      for (int i = 0; i < 3; i++) {
        blockers.add(other.payments.pay(other.command(third, 2)));
      }
      Future<Payments.Outcome> again = other.payments.pay(other.command(key, buyer, 0));
      Future<Payments.Outcome> beside = other.payments.pay(other.command(neighbour, 1));

      assertThat(again.await().reply()).isEqualTo(IN_FLIGHT);
      assertThat(beside.await().reply()).isInstanceOf(Paid.class);
      assertThat(first.isComplete()).isFalse();
      Future.all(blockers).await();
      holding.commit();
      assertThat(first.await().reply()).isInstanceOf(Paid.class);
    }
    assertThat(till.pay(key, buyer, 0))
        .isInstanceOfSatisfying(Paid.class, paid -> assertThat(paid.replayed()).isTrue());
  }

  @Test
  void oneKeySentManyTimesAtOnceOnTwoNodesHasOneEffect() throws SQLException {
    Buyer buyer = sale.buyer(Won.ZERO);
    Till other = new Till(vertx, sql, sale, true);
    IdempotencyKey key = Till.key();
    var charge = new Charge(buyer.user(), new Won(1_000), Till.CEILING, Optional.of(key));
    List<Future<?>> tries = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      tries.add((i % 2 == 0 ? till : other).charges.charge(charge));
    }
    Future.all(tries).await();

    assertThat(tries.stream().map(Future::result).filter(new Charged(new Won(1_000))::equals))
        .hasSize(1);
    assertThat(tries.stream().map(Future::result))
        .allMatch(
            reply ->
                reply.equals(new Charged(new Won(1_000)))
                    || reply.equals(new Charged(new Won(1_000), true))
                    || reply.equals(IN_FLIGHT));
    assertThat(till.balance(buyer)).isEqualTo(new Won(1_000));
  }

  @Test
  void twoUsersOfOneBatchMayHaveKeysAndOthersNone() throws SQLException {
    List<Future<Payments.Outcome>> running = new ArrayList<>();
    for (int seat = 0; seat < 9; seat++) {
      Buyer buyer = holder(100_000, seat);
      running.add(
          till.payments.pay(
              seat % 2 == 0 ? till.command(Till.key(), buyer, seat) : till.command(buyer, seat)));
    }
    Future.all(running).await();

    List<PayReply> replies = running.stream().map(one -> one.result().reply()).toList();
    assertThat(replies).allMatch(Paid.class::isInstance).doesNotHaveDuplicates();
  }
}
