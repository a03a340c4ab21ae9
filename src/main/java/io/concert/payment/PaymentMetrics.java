package io.concert.payment;

import io.concert.domain.Fault;
import io.concert.domain.SaleTally;
import io.concert.domain.ScheduleId;
import io.concert.domain.Won;
import io.concert.payment.PaymentMessages.BalanceTooSmall;
import io.concert.payment.PaymentMessages.KeyRefused;
import io.concert.payment.PaymentMessages.NotPaid;
import io.concert.payment.PaymentMessages.NotRefunded;
import io.concert.payment.PaymentMessages.OverCeiling;
import io.concert.payment.PaymentMessages.Paid;
import io.concert.payment.PaymentMessages.RefundReply;
import io.concert.payment.PaymentMessages.Refunded;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.AsyncResult;
import java.util.Locale;

/** What Prometheus is told of the payments and refunds that this node asked for. */
final class PaymentMetrics {
  private final MeterRegistry registry;
  private final SaleTally tally;
  private final Counter wonTaken;
  private final Counter wonGivenBack;

  PaymentMetrics(MeterRegistry registry, SaleTally tally) {
    this.registry = registry;
    this.tally = tally;
    wonTaken =
        Counter.builder("payments_won")
            .description("Won that payments took from balances")
            .register(registry);
    wonGivenBack =
        Counter.builder("refunds_won")
            .description("Won that refunds on request gave back to balances")
            .register(registry);
  }

  /** One request, however many seats it pays. */
  void paid(ScheduleId schedule, AsyncResult<Payments.Outcome> result) {
    String outcome = payment(result);
    count("payments", "Requests for payments by what came of them", outcome);
    tally.count(schedule, "payments." + outcome, 1);
    if (result.succeeded()
        && !result.result().sold().isEmpty()
        && result.result().reply() instanceof Paid paid) {
      paid.bills().forEach(bill -> wonTaken.increment((double) bill.price().amount()));
    }
  }

  /** A seat's money, once. */
  void gaveBack(Won price) {
    wonGivenBack.increment((double) price.amount());
  }

  void refunded(AsyncResult<RefundReply> reply) {
    count("refunds", "Requests for refunds by what came of them", refund(reply));
  }

  private void count(String name, String description, String outcome) {
    Counter.builder(name)
        .description(description)
        .tag("outcome", outcome)
        .register(registry)
        .increment();
  }

  private static String payment(AsyncResult<Payments.Outcome> outcome) {
    if (outcome.failed()) {
      return fault(outcome.cause());
    }
    PaymentMessages.PayReply reply = outcome.result().reply();
    if (reply instanceof Paid) {
      return outcome.result().sold().isEmpty() ? "repeated" : "paid";
    } else if (reply instanceof BalanceTooSmall) {
      return "balance_too_small";
    } else if (reply instanceof NotPaid refused) {
      return refused.reason().name().toLowerCase(Locale.ROOT);
    } else if (reply instanceof KeyRefused) {
      return "key_refused";
    }
    throw new IllegalArgumentException("an unknown reply: " + reply);
  }

  private static String refund(AsyncResult<RefundReply> outcome) {
    if (outcome.failed()) {
      return fault(outcome.cause());
    }
    RefundReply reply = outcome.result();
    if (reply instanceof Refunded refunded) {
      return refunded.replayed() ? "repeated" : "refunded";
    } else if (reply instanceof NotRefunded refused) {
      return refused.reason().name().toLowerCase(Locale.ROOT);
    } else if (reply instanceof OverCeiling) {
      return "over_ceiling";
    } else if (reply instanceof KeyRefused) {
      return "key_refused";
    }
    throw new IllegalArgumentException("an unknown reply: " + reply);
  }

  private static String fault(Throwable failure) {
    return Fault.of(failure).kind().name().toLowerCase(Locale.ROOT);
  }
}
