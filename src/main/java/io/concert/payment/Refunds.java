package io.concert.payment;

import io.concert.domain.Actor;
import io.concert.domain.KeyRefusal;
import io.concert.domain.UserId;
import io.concert.domain.Won;
import io.concert.payment.PaymentMessages.KeyRefused;
import io.concert.payment.PaymentMessages.NotRefunded;
import io.concert.payment.PaymentMessages.OverCeiling;
import io.concert.payment.PaymentMessages.Refund;
import io.concert.payment.PaymentMessages.RefundRefusal;
import io.concert.payment.PaymentMessages.RefundReply;
import io.concert.payment.PaymentMessages.Refunded;
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
import java.util.Optional;
import java.util.function.Function;

/**
 * Refunds of single bills: one call a batch judges and writes them all. Whose bill an operator
 * refunds isn't known before; a batch that has two of one user by that is judged one by one.
 */
final class Refunds {
  private static final BatchLimits LIMITS = new BatchLimits(64, 2, 4_096);

  private final BatchCall refundBills;
  private final Batcher<Refund, Outcome> batcher;

  Refunds(Vertx vertx, Sql sql, MeterRegistry registry) {
    refundBills = new BatchCall(vertx, sql, "refund_bills", 8, "bill_refund");
    batcher =
        new NaturalBatcher<>(
            vertx, LIMITS, new BatchMetrics(registry, "refund"), Refunds::touches, this::refundAll);
  }

  /**
   * What a refund came to, and what the seat map should hear of it.
   *
   * @param freed the row of the seat that this very command freed
   */
  record Outcome(RefundReply reply, Optional<SeatRow> freed) {}

  /**
   * @return fails with a {@link io.concert.domain.Fault} as {@link BatchCall} does
   */
  Future<Outcome> refund(Refund command) {
    return batcher.submit(command);
  }

  private static Collection<?> touches(Refund command) {
    List<Object> touched = new ArrayList<>();
    touched.add(command.bill());
    command.buyer().ifPresent(touched::add);
    return touched;
  }

  private Future<List<Outcome>> refundAll(List<Refund> batch, LockWait wait) {
    Tuple arguments =
        Tuple.tuple()
            .addArrayOfLong(
                batch.stream().map(refund -> refund.bill().number()).toArray(Long[]::new))
            .addArrayOfLong(
                batch.stream()
                    .map(refund -> refund.buyer().map(UserId::number).orElse(null))
                    .toArray(Long[]::new))
            .addArrayOfLong(
                batch.stream().map(refund -> refund.ceiling().amount()).toArray(Long[]::new))
            .addArrayOfString(ofOperators(batch, Actor::operator))
            .addArrayOfString(ofOperators(batch, Actor::role))
            .addArrayOfString(ofOperators(batch, Actor::requestId))
            .addArrayOfUUID(VerdictRows.keys(batch, Refund::key))
            .addArrayOfUUID(VerdictRows.bodies(batch, Refund::key));
    return refundBills
        .run(arguments, wait)
        .map(
            rows -> {
              var outcomes = new ArrayList<Outcome>(batch.size());
              rows.forEach(row -> outcomes.add(outcome(batch.get(outcomes.size()), row)));
              return outcomes;
            });
  }

  private static String[] ofOperators(List<Refund> batch, Function<Actor, String> part) {
    return batch.stream()
        .map(refund -> refund.operator().map(part).orElse(null))
        .toArray(String[]::new);
  }

  private static Outcome outcome(Refund command, Row row) {
    return switch (RefundVerdict.READ.of(row)) {
      case DONE ->
          new Outcome(
              new Refunded(VerdictRows.bill(row), row.getBoolean("replayed")),
              Optional.ofNullable(row.getLong("fence")).map(fence -> freed(row, fence)));
      case DONE_BEFORE -> unchanged(new Refunded(VerdictRows.bill(row), false));
      case UNKNOWN_BILL -> unchanged(new NotRefunded(RefundRefusal.UNKNOWN_BILL));
      case TOO_LATE -> unchanged(new NotRefunded(RefundRefusal.CLOSED));
      case OVER_CEILING ->
          unchanged(new OverCeiling(new Won(row.getLong("balance")), command.ceiling()));
      case KEY_IN_FLIGHT -> unchanged(new KeyRefused(KeyRefusal.IN_FLIGHT));
      case KEY_REUSED -> unchanged(new KeyRefused(KeyRefusal.REUSED));
    };
  }

  private static Outcome unchanged(RefundReply reply) {
    return new Outcome(reply, Optional.empty());
  }

  private static SeatRow freed(Row row, long fence) {
    return new SeatRow(row.getInteger("seat"), SeatStatus.FREE, 0, fence, 0);
  }
}
