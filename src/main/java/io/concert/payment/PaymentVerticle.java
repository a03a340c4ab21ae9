package io.concert.payment;

import io.concert.bus.Bus;
import io.concert.postgres.Sql;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/** Serves the payment addresses. */
public final class PaymentVerticle extends VerticleBase {
  private final Bus bus;
  private final PaymentService service;

  public PaymentVerticle(Bus bus, Sql sql, PaymentSettings settings) {
    this.bus = bus;
    this.service = new PaymentService(new Ledger(sql, settings), bus);
  }

  @Override
  public Future<?> start() {
    return Future.all(
        bus.serve(PaymentMessages.PAY, service::pay),
        bus.serve(PaymentMessages.CHARGE, service::charge),
        bus.serve(PaymentMessages.ASK_BALANCE, service::balance));
  }
}
