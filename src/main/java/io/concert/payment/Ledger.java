package io.concert.payment;

import io.concert.domain.BillId;
import io.concert.domain.Fault;
import io.concert.domain.SeatId;
import io.concert.domain.SessionId;
import io.concert.domain.UserId;
import io.concert.domain.Won;
import io.concert.payment.PaymentMessages.AskBalance;
import io.concert.payment.PaymentMessages.Balance;
import io.concert.payment.PaymentMessages.BalanceTooSmall;
import io.concert.payment.PaymentMessages.Bill;
import io.concert.payment.PaymentMessages.Charge;
import io.concert.payment.PaymentMessages.ChargeReply;
import io.concert.payment.PaymentMessages.Charged;
import io.concert.payment.PaymentMessages.NotPaid;
import io.concert.payment.PaymentMessages.OverCeiling;
import io.concert.payment.PaymentMessages.Paid;
import io.concert.payment.PaymentMessages.Pay;
import io.concert.payment.PaymentMessages.PayRefusal;
import io.concert.payment.PaymentMessages.PayReply;
import io.concert.payment.PaymentMessages.PricedSeat;
import io.concert.postgres.BatchLimits;
import io.concert.postgres.Batcher;
import io.concert.postgres.NaturalBatcher;
import io.concert.postgres.Sql;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Balances, bills and the double-entry ledger in PostgreSQL. Everything is judged and written by
 * one function call per batch: one round trip, one commit, a verdict for each command.
 */
final class Ledger {
  private static final BatchLimits LIMITS = new BatchLimits(64, 4, 4_096);

  private final Sql sql;
  private final boolean endSessionAfterPayment;
  private final Batcher<Pay, Verdict> payments = new NaturalBatcher<>(LIMITS, this::payBatch);
  private final Batcher<Charge, Optional<ChargeReply>> charges =
      new NaturalBatcher<>(LIMITS, this::chargeBatch);

  Ledger(Sql sql, PaymentSettings settings) {
    this.sql = sql;
    this.endSessionAfterPayment = settings.endSessionAfterPayment();
  }

  /**
   * What a payment came to, and what others should hear of it.
   *
   * @param fence of the seat's row if it was sold by this very command
   * @param endedSession the session that ended with it
   */
  record Verdict(PayReply reply, Optional<Long> fence, Optional<SessionId> endedSession) {}

  Future<Verdict> pay(Pay command) {
    return payments.submit(command);
  }

  Future<ChargeReply> charge(Charge command) {
    return charges
        .submit(command)
        .compose(
            reply ->
                reply
                    .map(Future::succeededFuture)
                    .orElseGet(() -> Future.failedFuture(noAccount(command.user()))));
  }

  private static final String BALANCE =
      """
      select balance from account where user_number = $1
      """;

  Future<Balance> balance(AskBalance question) {
    return sql.query(BALANCE, Tuple.of(question.user().number()))
        .compose(
            rows ->
                rows.size() == 1
                    ? Future.succeededFuture(
                        new Balance(new Won(rows.iterator().next().getLong("balance"))))
                    : Future.failedFuture(noAccount(question.user())));
  }

  private static final String PAY =
      """
      select verdict, bill_id, price, created_at, available, fence, ended_session
      from pay_for_seats($1, $2, $3, $4, $5, $6)
      """;

  private Future<List<Verdict>> payBatch(List<Pay> batch) {
    Tuple arguments =
        Tuple.of(
            batch.stream().map(pay -> pay.user().number()).toArray(Long[]::new),
            batch.stream().map(pay -> pay.room().name()).toArray(String[]::new),
            batch.stream().map(pay -> pay.schedule().number()).toArray(Long[]::new),
            batch.stream().map(pay -> pay.seats().get(0).seat().index()).toArray(Integer[]::new),
            batch.stream().map(pay -> pay.seats().get(0).price().amount()).toArray(Long[]::new),
            endSessionAfterPayment);
    return sql.query(PAY, arguments).map(rows -> verdicts(batch, rows));
  }

  private static List<Verdict> verdicts(List<Pay> batch, RowSet<Row> rows) {
    List<Verdict> verdicts = new ArrayList<>(batch.size());
    for (Row row : rows) {
      verdicts.add(verdict(batch.get(verdicts.size()), row));
    }
    return verdicts;
  }

  /** The numbers are those of {@code pay_for_seats}. */
  private static Verdict verdict(Pay command, Row row) {
    return switch (row.getInteger("verdict")) {
      case 0 ->
          new Verdict(
              new Paid(bill(command, row)),
              Optional.of(row.getLong("fence")),
              Optional.ofNullable(row.getLong("ended_session")).map(SessionId::new));
      case 1 -> unchanged(new Paid(bill(command, row)));
      case 2 ->
          unchanged(
              new BalanceTooSmall(
                  new Won(row.getLong("price")), new Won(row.getLong("available"))));
      case 3 -> unchanged(new NotPaid(PayRefusal.PRICE_MISMATCH, seats(command)));
      case 4 -> unchanged(new NotPaid(PayRefusal.HOLD_REQUIRED, seats(command)));
      case 5 -> unchanged(new NotPaid(PayRefusal.HOLD_EXPIRED, seats(command)));
      case 6 -> unchanged(new NotPaid(PayRefusal.NOT_ADMITTED, seats(command)));
      case 7 -> unchanged(new NotPaid(PayRefusal.NOT_ON_SALE, seats(command)));
      default -> throw new IllegalStateException("verdict " + row.getInteger("verdict"));
    };
  }

  private static List<SeatId> seats(Pay command) {
    return command.seats().stream().map(PricedSeat::seat).toList();
  }

  private static Verdict unchanged(PayReply reply) {
    return new Verdict(reply, Optional.empty(), Optional.empty());
  }

  private static Bill bill(Pay command, Row row) {
    OffsetDateTime createdAt = row.getOffsetDateTime("created_at");
    return new Bill(
        new BillId(row.getLong("bill_id")),
        command.user(),
        command.seats().get(0).seat(),
        new Won(row.getLong("price")),
        createdAt.toInstant());
  }

  private static final String CHARGE =
      """
      select verdict, balance from charge_accounts($1, $2, $3)
      """;

  private Future<List<Optional<ChargeReply>>> chargeBatch(List<Charge> batch) {
    Tuple arguments =
        Tuple.of(
            batch.stream().map(charge -> charge.user().number()).toArray(Long[]::new),
            batch.stream().map(charge -> charge.amount().amount()).toArray(Long[]::new),
            batch.stream().map(charge -> charge.ceiling().amount()).toArray(Long[]::new));
    return sql.query(CHARGE, arguments).map(rows -> chargeReplies(batch, rows));
  }

  /** Empty for an account that isn't there: its neighbours have been charged. */
  private static List<Optional<ChargeReply>> chargeReplies(List<Charge> batch, RowSet<Row> rows) {
    List<Optional<ChargeReply>> replies = new ArrayList<>(batch.size());
    for (Row row : rows) {
      Charge charge = batch.get(replies.size());
      replies.add(
          switch (row.getInteger("verdict")) {
            case 0 -> Optional.of(new Charged(new Won(row.getLong("balance"))));
            case 1 ->
                Optional.of(new OverCeiling(new Won(row.getLong("balance")), charge.ceiling()));
            default -> Optional.empty();
          });
    }
    return replies;
  }

  /** Accounts are made with their users, so a missing one is a defect. */
  private static Fault noAccount(UserId user) {
    return new Fault(Fault.Kind.INTERNAL, "no account for " + user);
  }
}
