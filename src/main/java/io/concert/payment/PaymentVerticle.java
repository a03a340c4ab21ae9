package io.concert.payment;

import io.concert.bus.Bus;
import io.concert.domain.SaleTally;
import io.concert.postgres.Sql;
import io.concert.postgres.job.RecurringTask;
import io.concert.postgres.job.Turns;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.List;

/** Serves the payment addresses. One instance a node, so that commands gather in its batches. */
public final class PaymentVerticle extends VerticleBase {
  private static final Duration LOOK_FOR_CANCELLED_EVERY = Duration.ofSeconds(1);

  private final Bus bus;
  private final Sql sql;
  private final Turns turns;
  private final MeterRegistry registry;
  private final PaymentSettings settings;
  private final SaleTally tally;

  public PaymentVerticle(
      Bus bus,
      Sql sql,
      Turns turns,
      MeterRegistry registry,
      PaymentSettings settings,
      SaleTally tally) {
    this.bus = bus;
    this.sql = sql;
    this.turns = turns;
    this.registry = registry;
    this.settings = settings;
    this.tally = tally;
  }

  @Override
  public Future<?> start() {
    var payments = new Payments(vertx, sql, registry, settings);
    var refunds = new Refunds(vertx, sql, registry);
    var charges = new Charges(vertx, sql, registry);
    var service = new PaymentService(payments, refunds, bus, new PaymentMetrics(registry, tally));
    var cancelled = new CancelledSchedules(sql);
    var accounts = new Accounts(sql);
    RecurringTask.onOneNode(vertx, "refund cancelled dates", turns, cancelled::settleAll)
        .start(LOOK_FOR_CANCELLED_EVERY);
    return Future.all(
        List.of(
            bus.serve(PaymentMessages.PAY, service::pay),
            bus.serve(PaymentMessages.CHARGE, charges::charge),
            bus.serve(PaymentMessages.REFUND, service::refund),
            bus.serve(
                PaymentMessages.REFUND_CANCELLED, asked -> cancelled.refundNow(asked.schedule())),
            bus.serve(PaymentMessages.ASK_BALANCE, accounts::balance),
            bus.serve(PaymentMessages.ASK_BILL, accounts::bill),
            bus.serve(PaymentMessages.ASK_BILLS, accounts::bills),
            bus.serve(PaymentMessages.ASK_ORDER, accounts::order),
            bus.serve(PaymentMessages.ASK_ORDERS, accounts::orders),
            bus.serve(PaymentMessages.ASK_ENTRIES, accounts::entries)));
  }
}
