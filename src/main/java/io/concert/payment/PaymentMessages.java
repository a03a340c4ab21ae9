package io.concert.payment;

import io.concert.bus.Address;
import io.concert.domain.Actor;
import io.concert.domain.BillId;
import io.concert.domain.IdempotencyKey;
import io.concert.domain.KeyRefusal;
import io.concert.domain.OrderId;
import io.concert.domain.RoomId;
import io.concert.domain.ScheduleId;
import io.concert.domain.SeatId;
import io.concert.domain.UserId;
import io.concert.domain.Won;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What balances and bills are asked over the bus. */
public final class PaymentMessages {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  /** Longer, as an outcome that a lost connection hides is looked up within it. */
  private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(8);

  /** Pay for held seats, once: all of them or none. */
  public static final Address<Pay, PayReply> PAY =
      new Address<>("payment.pay.v3", Pay.class, PayReply.class, COMMAND_TIMEOUT);

  /** Add to a balance. */
  public static final Address<Charge, ChargeReply> CHARGE =
      new Address<>("payment.charge.v3", Charge.class, ChargeReply.class, COMMAND_TIMEOUT);

  /** Give the money of a bill back and its seat free, once. */
  public static final Address<Refund, RefundReply> REFUND =
      new Address<>("payment.refund.v2", Refund.class, RefundReply.class, COMMAND_TIMEOUT);

  /** Refund a cancelled schedule's bills now; what remains is refunded anyway, a little later. */
  public static final Address<RefundCancelled, Remaining> REFUND_CANCELLED =
      new Address<>(
          "payment.refund-cancelled.v1", RefundCancelled.class, Remaining.class, COMMAND_TIMEOUT);

  /** Ask for a balance. */
  public static final Address<AskBalance, Balance> ASK_BALANCE =
      new Address<>("payment.ask-balance.v1", AskBalance.class, Balance.class, TIMEOUT);

  /** Ask for one bill. */
  public static final Address<AskBill, FoundBill> ASK_BILL =
      new Address<>("payment.ask-bill.v2", AskBill.class, FoundBill.class, TIMEOUT);

  /** Ask for one's bills. */
  public static final Address<AskBills, Bills> ASK_BILLS =
      new Address<>("payment.ask-bills.v2", AskBills.class, Bills.class, TIMEOUT);

  /** Ask for one order. */
  public static final Address<AskOrder, FoundOrder> ASK_ORDER =
      new Address<>("payment.ask-order.v1", AskOrder.class, FoundOrder.class, TIMEOUT);

  /** Ask for one's orders. */
  public static final Address<AskOrders, Orders> ASK_ORDERS =
      new Address<>("payment.ask-orders.v1", AskOrders.class, Orders.class, TIMEOUT);

  /** Ask for what has moved a balance. */
  public static final Address<AskEntries, Entries> ASK_ENTRIES =
      new Address<>("payment.ask-entries.v1", AskEntries.class, Entries.class, TIMEOUT);

  private PaymentMessages() {}

  /**
   * @param room the waiting room that the caller's token is of
   * @param seats one or more seats of one schedule, each once, with what the caller believes they
   *     cost
   */
  public record Pay(
      RoomId room,
      UserId user,
      ScheduleId schedule,
      List<PricedSeat> seats,
      Optional<IdempotencyKey> key) {
    public Pay {
      seats = List.copyOf(seats);
      if (seats.isEmpty()) {
        throw new IllegalArgumentException("a payment for nothing");
      }
    }

    public Pay(RoomId room, UserId user, SeatId seat, Won price) {
      this(room, user, seat.schedule(), List.of(new PricedSeat(seat, price)), Optional.empty());
    }
  }

  public record PricedSeat(SeatId seat, Won price) {}

  /** The verdict on a {@link Pay}. */
  public sealed interface PayReply {}

  /**
   * Paid, now or before: the same bills either way.
   *
   * @param bills one a seat, in the order asked
   * @param replayed whether this is what the first request with the same key was answered
   */
  public record Paid(List<Bill> bills, boolean replayed) implements PayReply {
    public Paid {
      bills = List.copyOf(bills);
    }

    public Paid(Bill bill) {
      this(List.of(bill), false);
    }
  }

  /**
   * @param required what the seats cost together that weren't paid yet
   * @param available the balance
   */
  public record BalanceTooSmall(Won required, Won available) implements PayReply {}

  /**
   * Nothing was moved.
   *
   * @param seats those that the payment failed on, one at least; none where it is the buyer
   */
  public record NotPaid(PayRefusal reason, List<SeatId> seats) implements PayReply {
    public NotPaid {
      seats = List.copyOf(seats);
    }
  }

  /** The request's idempotency key stands in its way. */
  public record KeyRefused(KeyRefusal reason) implements PayReply, ChargeReply, RefundReply {}

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
    NOT_ON_SALE,
    /** An operator has banned the caller. */
    BANNED
  }

  /**
   * A bill, as it was written.
   *
   * @param order the payment that it is of
   * @param refundedAt when its money was given back; empty: it stands
   */
  public record Bill(
      BillId id,
      OrderId order,
      UserId buyer,
      SeatId seat,
      Won price,
      Instant createdAt,
      Optional<Instant> refundedAt) {
    /** The first of its order, or the only one. */
    public Bill(
        BillId id,
        UserId buyer,
        SeatId seat,
        Won price,
        Instant createdAt,
        Optional<Instant> refundedAt) {
      this(id, new OrderId(id.number()), buyer, seat, price, createdAt, refundedAt);
    }

    /** The same, standing. */
    public Bill(BillId id, UserId buyer, SeatId seat, Won price, Instant createdAt) {
      this(id, buyer, seat, price, createdAt, Optional.empty());
    }
  }

  /**
   * @param amount 0 moves nothing and tells the balance
   * @param ceiling what no balance may exceed
   */
  public record Charge(UserId user, Won amount, Won ceiling, Optional<IdempotencyKey> key) {
    public Charge(UserId user, Won amount, Won ceiling) {
      this(user, amount, ceiling, Optional.empty());
    }
  }

  /** The verdict on a {@link Charge}. */
  public sealed interface ChargeReply {}

  /**
   * @param replayed whether this is what the first request with the same key was answered
   */
  public record Charged(Won balance, boolean replayed) implements ChargeReply {
    public Charged(Won balance) {
      this(balance, false);
    }
  }

  /** Nothing was moved: an operator has banned the account. */
  public record ChargeBanned() implements ChargeReply {}

  /** The sum would have exceeded the ceiling. */
  public record OverCeiling(Won balance, Won ceiling) implements ChargeReply, RefundReply {}

  /**
   * @param buyer whose bill it must be and who must be in time; empty: an operator's refund, at any
   *     time
   * @param operator who is to be written down for an operator's refund
   * @param ceiling what no balance may exceed
   */
  public record Refund(
      BillId bill,
      Optional<UserId> buyer,
      Optional<Actor> operator,
      Won ceiling,
      Optional<IdempotencyKey> key) {}

  /** The verdict on a {@link Refund}. */
  public sealed interface RefundReply {}

  /**
   * Refunded, now or before.
   *
   * @param replayed whether this is what the first request with the same key was answered
   */
  public record Refunded(Bill bill, boolean replayed) implements RefundReply {}

  /** Nothing was moved. */
  public record NotRefunded(RefundRefusal reason) implements RefundReply {}

  /** Why a refund was refused. */
  public enum RefundRefusal {
    /** No such bill, or another user's. */
    UNKNOWN_BILL,
    /** The schedule's refund time has passed. */
    CLOSED
  }

  public record RefundCancelled(ScheduleId schedule) {}

  /**
   * @param bills how many of the schedule's bills still have to be refunded
   */
  public record Remaining(long bills) {}

  public record AskBalance(UserId user) {}

  public record Balance(Won amount) {}

  /**
   * @param buyer whose bill it must be; empty: anyone's
   */
  public record AskBill(BillId bill, Optional<UserId> buyer) {}

  public record FoundBill(Optional<Bill> bill) {}

  /**
   * @param after the last one of the page before; empty: from the newest on
   */
  public record AskBills(UserId user, Optional<BillId> after, int limit) {}

  /**
   * @param bills newest first
   */
  public record Bills(List<Bill> bills) {
    public Bills {
      bills = List.copyOf(bills);
    }
  }

  /**
   * @param buyer whose order it must be; empty: anyone's
   */
  public record AskOrder(OrderId order, Optional<UserId> buyer) {}

  public record FoundOrder(Optional<Order> order) {}

  /**
   * What was paid at once.
   *
   * @param bills at least one, by id; all of one buyer and made at one time
   */
  public record Order(OrderId id, List<Bill> bills) {
    public Order {
      bills = List.copyOf(bills);
    }
  }

  /**
   * @param after the last one of the page before; empty: from the newest on
   */
  public record AskOrders(UserId user, Optional<OrderId> after, int limit) {}

  /**
   * @param orders newest first
   */
  public record Orders(List<Order> orders) {
    public Orders {
      orders = List.copyOf(orders);
    }
  }

  /**
   * @param after the last one of the page before; empty: from the newest on
   */
  public record AskEntries(UserId user, Optional<Long> after, int limit) {}

  /**
   * @param entries newest first
   */
  public record Entries(List<Entry> entries) {
    public Entries {
      entries = List.copyOf(entries);
    }
  }

  /**
   * One movement of a balance.
   *
   * @param amount in won; negative for a debit
   * @param bill what was paid or refunded; empty for a charge
   */
  public record Entry(long id, long amount, Optional<BillId> bill, Instant createdAt) {}
}
