package io.concert.payment;

import io.concert.bus.Address;
import io.concert.domain.BillId;
import io.concert.domain.RoomId;
import io.concert.domain.SeatId;
import io.concert.domain.UserId;
import io.concert.domain.Won;
import java.time.Duration;
import java.time.Instant;

/** What balances and bills are asked over the bus. */
public final class PaymentMessages {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  /** Pay for a held seat, once. */
  public static final Address<Pay, PayReply> PAY =
      new Address<>("payment.pay.v1", Pay.class, PayReply.class, TIMEOUT);

  /** Add to a balance. */
  public static final Address<Charge, ChargeReply> CHARGE =
      new Address<>("payment.charge.v1", Charge.class, ChargeReply.class, TIMEOUT);

  /** Ask for a balance. */
  public static final Address<AskBalance, Balance> ASK_BALANCE =
      new Address<>("payment.ask-balance.v1", AskBalance.class, Balance.class, TIMEOUT);

  private PaymentMessages() {}

  /**
   * @param room the waiting room that the caller's token is of
   * @param price what the caller believes the seat costs
   */
  public record Pay(RoomId room, UserId user, SeatId seat, Won price) {}

  /** The verdict on a {@link Pay}. */
  public sealed interface PayReply {}

  /** Paid, now or before: the same bill either way. */
  public record Paid(Bill bill) implements PayReply {}

  /**
   * @param required the seat's price
   * @param available the balance
   */
  public record BalanceTooSmall(Won required, Won available) implements PayReply {}

  /** Nothing was moved. */
  public record NotPaid(PayRefusal reason) implements PayReply {}

  /** Why a payment was refused. */
  public enum PayRefusal {
    /** No live session in the concert's waiting room, nor a hold that would keep one alive. */
    NOT_ADMITTED,
    /** The price isn't the seat's. */
    PRICE_MISMATCH,
    /** The caller doesn't hold the seat. */
    HOLD_REQUIRED,
    /** The caller held it, past the deadline. */
    HOLD_EXPIRED,
    /** Schedule cancelled. */
    NOT_ON_SALE
  }

  /** A bill, as it was written. */
  public record Bill(BillId id, UserId buyer, SeatId seat, Won price, Instant createdAt) {}

  /**
   * @param amount positive
   * @param ceiling what no balance may exceed
   */
  public record Charge(UserId user, Won amount, Won ceiling) {}

  /** The verdict on a {@link Charge}. */
  public sealed interface ChargeReply {}

  public record Charged(Won balance) implements ChargeReply {}

  /** The sum would have exceeded the ceiling. */
  public record OverCeiling(Won balance, Won ceiling) implements ChargeReply {}

  public record AskBalance(UserId user) {}

  public record Balance(Won amount) {}
}
