package io.concert.payment;

import io.concert.domain.KeyRefusal;
import io.concert.domain.Won;
import io.concert.payment.PaymentMessages.Charge;
import io.concert.payment.PaymentMessages.ChargeBanned;
import io.concert.payment.PaymentMessages.ChargeReply;
import io.concert.payment.PaymentMessages.Charged;
import io.concert.payment.PaymentMessages.KeyRefused;
import io.concert.payment.PaymentMessages.OverCeiling;
import io.concert.postgres.Sql;
import io.concert.postgres.batch.BatchCall;
import io.concert.postgres.batch.BatchLimits;
import io.concert.postgres.batch.BatchMetrics;
import io.concert.postgres.batch.Batcher;
import io.concert.postgres.batch.LockWait;
import io.concert.postgres.batch.NaturalBatcher;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Charges of balances: one call a batch judges and writes them all. */
final class Charges {
  private static final BatchLimits LIMITS = new BatchLimits(64, 2, 4_096);

  private final BatchCall chargeAccounts;
  private final Batcher<Charge, Optional<ChargeReply>> batcher;

  Charges(Vertx vertx, Sql sql, MeterRegistry registry) {
    chargeAccounts = new BatchCall(vertx, sql, "charge_accounts", 5, "account_charge");
    batcher =
        new NaturalBatcher<>(
            vertx,
            LIMITS,
            new BatchMetrics(registry, "charge"),
            charge -> List.of(charge.user()),
            this::chargeAll);
  }

  /**
   * @return fails with a {@link io.concert.domain.Fault} as {@link BatchCall} does
   */
  Future<ChargeReply> charge(Charge command) {
    return batcher
        .submit(command)
        .compose(
            reply ->
                reply
                    .map(Future::succeededFuture)
                    .orElseGet(() -> Future.failedFuture(Accounts.missing(command.user()))));
  }

  private Future<List<Optional<ChargeReply>>> chargeAll(List<Charge> batch, LockWait wait) {
    Tuple arguments =
        Tuple.tuple()
            .addArrayOfLong(
                batch.stream().map(charge -> charge.user().number()).toArray(Long[]::new))
            .addArrayOfLong(
                batch.stream().map(charge -> charge.amount().amount()).toArray(Long[]::new))
            .addArrayOfLong(
                batch.stream().map(charge -> charge.ceiling().amount()).toArray(Long[]::new))
            .addArrayOfUUID(VerdictRows.keys(batch, Charge::key))
            .addArrayOfUUID(VerdictRows.bodies(batch, Charge::key));
    return chargeAccounts
        .run(arguments, wait)
        .map(
            rows -> {
              var replies = new ArrayList<Optional<ChargeReply>>(batch.size());
              rows.forEach(row -> replies.add(reply(batch.get(replies.size()), row)));
              return replies;
            });
  }

  /** Empty for an account that isn't there: its neighbours have been charged. */
  private static Optional<ChargeReply> reply(Charge command, Row row) {
    return switch (ChargeVerdict.READ.of(row)) {
      case DONE ->
          Optional.of(new Charged(new Won(row.getLong("balance")), row.getBoolean("replayed")));
      case OVER_CEILING ->
          Optional.of(new OverCeiling(new Won(row.getLong("balance")), command.ceiling()));
      case UNKNOWN_ACCOUNT -> Optional.empty();
      case BANNED -> Optional.of(new ChargeBanned());
      case KEY_IN_FLIGHT -> Optional.of(new KeyRefused(KeyRefusal.IN_FLIGHT));
      case KEY_REUSED -> Optional.of(new KeyRefused(KeyRefusal.REUSED));
    };
  }
}
