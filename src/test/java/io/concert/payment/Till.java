package io.concert.payment;

import io.concert.domain.Actor;
import io.concert.domain.BillId;
import io.concert.domain.IdempotencyKey;
import io.concert.domain.UserId;
import io.concert.domain.Won;
import io.concert.payment.PaymentMessages.AskBalance;
import io.concert.payment.PaymentMessages.Bill;
import io.concert.payment.PaymentMessages.Charge;
import io.concert.payment.PaymentMessages.ChargeReply;
import io.concert.payment.PaymentMessages.Paid;
import io.concert.payment.PaymentMessages.Pay;
import io.concert.payment.PaymentMessages.PayReply;
import io.concert.payment.PaymentMessages.PricedSeat;
import io.concert.payment.PaymentMessages.Refund;
import io.concert.payment.PaymentMessages.RefundReply;
import io.concert.postgres.Sql;
import io.concert.reservation.SaleFixture;
import io.concert.reservation.SaleFixture.Buyer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;

/** One node's payments, charges and refunds, in the words of a buyer. */
final class Till {
  static final Won CEILING = new Won(1_000_000_000);
  static final Actor OPERATOR = new Actor("olga", "payments", "request-1");

  final Payments payments;
  final Charges charges;
  final Refunds refunds;
  final Accounts accounts;

  private final SaleFixture sale;

  Till(Vertx vertx, Sql sql, SaleFixture sale, boolean endSessionAfterPayment) {
    this.sale = sale;
    var registry = new SimpleMeterRegistry();
    payments = new Payments(vertx, sql, registry, new PaymentSettings(endSessionAfterPayment));
    charges = new Charges(vertx, sql, registry);
    refunds = new Refunds(vertx, sql, registry);
    accounts = new Accounts(sql);
  }

  /** What the buyer would send to pay for these seats at their price. */
  Pay command(Buyer buyer, int... seats) {
    return new Pay(
        sale.room(),
        buyer.user(),
        sale.schedule(),
        IntStream.of(seats).mapToObj(this::priced).toList(),
        Optional.empty());
  }

  Pay command(IdempotencyKey key, Buyer buyer, int... seats) {
    Pay plain = command(buyer, seats);
    return new Pay(plain.room(), plain.user(), plain.schedule(), plain.seats(), Optional.of(key));
  }

  private PricedSeat priced(int seat) {
    return new PricedSeat(sale.seat(seat), sale.price());
  }

  Payments.Outcome outcome(Buyer buyer, int... seats) {
    return payments.pay(command(buyer, seats)).await();
  }

  PayReply pay(Buyer buyer, int... seats) {
    return outcome(buyer, seats).reply();
  }

  PayReply pay(IdempotencyKey key, Buyer buyer, int... seats) {
    return payments.pay(command(key, buyer, seats)).await().reply();
  }

  PayReply payAt(Won price, Buyer buyer, int seat) {
    var command = new Pay(sale.room(), buyer.user(), sale.seat(seat), price);
    return payments.pay(command).await().reply();
  }

  /** Pays, which must succeed. */
  Bill bill(Buyer buyer, int seat) {
    return ((Paid) pay(buyer, seat)).bills().get(0);
  }

  ChargeReply charge(Buyer buyer, long amount) {
    return charges.charge(new Charge(buyer.user(), new Won(amount), CEILING)).await();
  }

  ChargeReply charge(IdempotencyKey key, Buyer buyer, long amount) {
    return charges
        .charge(new Charge(buyer.user(), new Won(amount), CEILING, Optional.of(key)))
        .await();
  }

  RefundReply refund(UserId buyer, BillId bill) {
    return refunds.refund(refundOf(buyer, bill)).await().reply();
  }

  static Refund refundOf(UserId buyer, BillId bill) {
    return new Refund(bill, Optional.of(buyer), Optional.empty(), CEILING, Optional.empty());
  }

  static Refund refundOf(IdempotencyKey key, UserId buyer, BillId bill) {
    return new Refund(bill, Optional.of(buyer), Optional.empty(), CEILING, Optional.of(key));
  }

  static Refund operatorsRefund(BillId bill, Won ceiling) {
    return new Refund(bill, Optional.empty(), Optional.of(OPERATOR), ceiling, Optional.empty());
  }

  RefundReply refundByOperator(BillId bill, Won ceiling) {
    return refunds.refund(operatorsRefund(bill, ceiling)).await().reply();
  }

  Won balance(Buyer buyer) {
    return accounts.balance(new AskBalance(buyer.user())).await().amount();
  }

  /** A key that nobody has used. */
  static IdempotencyKey key() {
    return new IdempotencyKey(UUID.randomUUID(), UUID.randomUUID());
  }

  /** The same key, something else asked. */
  static IdempotencyKey otherBody(IdempotencyKey key) {
    return new IdempotencyKey(key.id(), UUID.randomUUID());
  }
}
