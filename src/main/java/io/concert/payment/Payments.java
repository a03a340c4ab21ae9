package io.concert.payment;

import io.concert.domain.BillId;
import io.concert.domain.Fault;
import io.concert.domain.KeyRefusal;
import io.concert.domain.OrderId;
import io.concert.domain.SeatId;
import io.concert.domain.SessionId;
import io.concert.domain.Won;
import io.concert.payment.PaymentMessages.BalanceTooSmall;
import io.concert.payment.PaymentMessages.Bill;
import io.concert.payment.PaymentMessages.KeyRefused;
import io.concert.payment.PaymentMessages.NotPaid;
import io.concert.payment.PaymentMessages.Paid;
import io.concert.payment.PaymentMessages.Pay;
import io.concert.payment.PaymentMessages.PayRefusal;
import io.concert.payment.PaymentMessages.PayReply;
import io.concert.payment.PaymentMessages.PricedSeat;
import io.concert.postgres.Sql;
import io.concert.postgres.batch.BatchCall;
import io.concert.postgres.batch.BatchLimits;
import io.concert.postgres.batch.BatchMetrics;
import io.concert.postgres.batch.Batcher;
import io.concert.postgres.batch.LockWait;
import io.concert.postgres.batch.NaturalBatcher;
import io.concert.reservation.api.ReservationMessages.SeatRow;
import io.concert.reservation.api.SeatStatus;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Payments for held seats: one call a batch judges and writes them all. */
final class Payments {
  private static final BatchLimits LIMITS = new BatchLimits(64, 3, 4_096);

  private final boolean endSessionAfterPayment;
  private final BatchCall payForSeats;
  private final Batcher<Pay, Outcome> batcher;

  Payments(Vertx vertx, Sql sql, MeterRegistry registry, PaymentSettings settings) {
    endSessionAfterPayment = settings.endSessionAfterPayment();
    payForSeats = new BatchCall(vertx, sql, "pay_for_seats", 9, "seat_payment");
    batcher =
        new NaturalBatcher<>(
            vertx, LIMITS, new BatchMetrics(registry, "pay"), Payments::touches, this::payAll);
  }

  /**
   * What a payment came to, and what others should hear of it.
   *
   * @param sold the rows of the seats that this very command sold
   * @param endedSession the session that ended with it
   */
  record Outcome(PayReply reply, List<SeatRow> sold, Optional<SessionId> endedSession) {}

  /**
   * @return fails with a {@link Fault} as {@link BatchCall} does, or with INTERNAL at once if a
   *     seat is named twice or is another schedule's
   */
  Future<Outcome> pay(Pay command) {
    long own =
        command.seats().stream()
            .map(PricedSeat::seat)
            .filter(seat -> seat.schedule().equals(command.schedule()))
            .distinct()
            .count();
    return own == command.seats().size()
        ? batcher.submit(command)
        : Future.failedFuture(
            new Fault(Fault.Kind.INTERNAL, "a payment names a seat twice or another date's"));
  }

  private static Collection<?> touches(Pay command) {
    List<Object> touched = new ArrayList<>();
    touched.add(command.user());
    command.seats().forEach(wanted -> touched.add(wanted.seat()));
    return touched;
  }

  private Future<List<Outcome>> payAll(List<Pay> batch, LockWait wait) {
    var command = new ArrayList<Integer>();
    var user = new ArrayList<Long>();
    var room = new ArrayList<String>();
    var schedule = new ArrayList<Long>();
    var seat = new ArrayList<Integer>();
    var price = new ArrayList<Long>();
    for (int i = 0; i < batch.size(); i++) {
      Pay pay = batch.get(i);
      for (PricedSeat wanted : pay.seats()) {
        command.add(i);
        user.add(pay.user().number());
        room.add(pay.room().name());
        schedule.add(pay.schedule().number());
        seat.add(wanted.seat().index());
        price.add(wanted.price().amount());
      }
    }
    Tuple arguments =
        Tuple.tuple()
            .addArrayOfInteger(command.toArray(Integer[]::new))
            .addArrayOfLong(user.toArray(Long[]::new))
            .addArrayOfString(room.toArray(String[]::new))
            .addArrayOfLong(schedule.toArray(Long[]::new))
            .addArrayOfInteger(seat.toArray(Integer[]::new))
            .addArrayOfLong(price.toArray(Long[]::new))
            .addArrayOfUUID(VerdictRows.keys(batch, Pay::key))
            .addArrayOfUUID(VerdictRows.bodies(batch, Pay::key))
            .addBoolean(endSessionAfterPayment);
    return payForSeats
        .run(arguments, wait)
        .map(
            rows -> {
              var byCommand = VerdictRows.byCommand(batch.size(), rows);
              var outcomes = new ArrayList<Outcome>(batch.size());
              for (int i = 0; i < batch.size(); i++) {
                outcomes.add(outcome(batch.get(i), byCommand.get(i)));
              }
              return outcomes;
            });
  }

  private static Outcome outcome(Pay command, List<Row> rows) {
    Row first = rows.get(0);
    return switch (PayVerdict.READ.of(first)) {
      case DONE ->
          new Outcome(
              new Paid(bills(command, rows), first.getBoolean("replayed")),
              sold(command, rows),
              Optional.ofNullable(first.getLong("ended_session")).map(SessionId::new));
      case DONE_BEFORE -> unchanged(new Paid(bills(command, rows), false));
      case PRICE_MISMATCH -> refused(PayRefusal.PRICE_MISMATCH, command, rows);
      case CANCELLED -> refused(PayRefusal.NOT_ON_SALE, command, rows);
      case HOLD_EXPIRED -> refused(PayRefusal.HOLD_EXPIRED, command, rows);
      case NOT_HELD -> refused(PayRefusal.HOLD_REQUIRED, command, rows);
      case NOT_ADMITTED -> refused(PayRefusal.NOT_ADMITTED, command, rows);
      case BALANCE_TOO_SMALL ->
          unchanged(
              new BalanceTooSmall(
                  new Won(first.getLong("required")), new Won(first.getLong("available"))));
      case BANNED -> unchanged(new NotPaid(PayRefusal.BANNED, List.of()));
      case KEY_IN_FLIGHT -> unchanged(new KeyRefused(KeyRefusal.IN_FLIGHT));
      case KEY_REUSED -> unchanged(new KeyRefused(KeyRefusal.REUSED));
    };
  }

  private static Outcome unchanged(PayReply reply) {
    return new Outcome(reply, List.of(), Optional.empty());
  }

  private static Outcome refused(PayRefusal reason, Pay command, List<Row> rows) {
    Map<Integer, Row> bySeat = bySeat(rows);
    return unchanged(
        new NotPaid(
            reason,
            command.seats().stream()
                .map(PricedSeat::seat)
                .filter(seat -> row(bySeat, seat).getBoolean("blocking"))
                .toList()));
  }

  /** In the order asked. */
  private static List<Bill> bills(Pay command, List<Row> rows) {
    Map<Integer, Row> bySeat = bySeat(rows);
    return command.seats().stream()
        .map(PricedSeat::seat)
        .map(
            seat -> {
              Row row = row(bySeat, seat);
              return new Bill(
                  new BillId(row.getLong("bill_id")),
                  new OrderId(row.getLong("order_id")),
                  command.user(),
                  seat,
                  new Won(row.getLong("price")),
                  VerdictRows.at(row, "billed_at"),
                  Optional.empty());
            })
        .toList();
  }

  private static List<SeatRow> sold(Pay command, List<Row> rows) {
    return rows.stream()
        .filter(row -> row.getLong("fence") != null)
        .map(
            row ->
                new SeatRow(
                    row.getInteger("seat"),
                    SeatStatus.SOLD,
                    command.user().number(),
                    row.getLong("fence"),
                    0))
        .toList();
  }

  private static Map<Integer, Row> bySeat(List<Row> rows) {
    return rows.stream()
        .collect(Collectors.toMap(row -> row.getInteger("seat"), Function.identity()));
  }

  private static Row row(Map<Integer, Row> bySeat, SeatId seat) {
    return Objects.requireNonNull(bySeat.get(seat.index()));
  }
}
