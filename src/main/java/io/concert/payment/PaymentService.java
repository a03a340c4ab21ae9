package io.concert.payment;

import io.concert.bus.Bus;
import io.concert.domain.ScheduleId;
import io.concert.payment.PaymentMessages.Pay;
import io.concert.payment.PaymentMessages.PayReply;
import io.concert.payment.PaymentMessages.Refund;
import io.concert.payment.PaymentMessages.RefundReply;
import io.concert.payment.PaymentMessages.Refunded;
import io.concert.queue.api.QueueMessages;
import io.concert.queue.api.QueueMessages.SessionEnded;
import io.concert.reservation.api.ReservationMessages;
import io.concert.reservation.api.ReservationMessages.ClaimsChanged;
import io.concert.reservation.api.ReservationMessages.SeatRow;
import io.vertx.core.Future;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Payments and refunds. The database decides alone; once it has committed, the seat map and the
 * waiting room are told so that they needn't find out by themselves, which they would within two
 * seconds. Nobody waits for that.
 */
final class PaymentService {
  private static final Logger log = LoggerFactory.getLogger(PaymentService.class);

  private final Payments payments;
  private final Refunds refunds;
  private final Bus bus;
  private final PaymentMetrics metrics;

  PaymentService(Payments payments, Refunds refunds, Bus bus, PaymentMetrics metrics) {
    this.payments = payments;
    this.refunds = refunds;
    this.bus = bus;
    this.metrics = metrics;
  }

  Future<PayReply> pay(Pay command) {
    return payments
        .pay(command)
        .onComplete(result -> metrics.paid(command.schedule(), result))
        .map(
            outcome -> {
              tellSeatMap(command.schedule(), outcome.sold());
              outcome
                  .endedSession()
                  .map(session -> new SessionEnded(command.room(), command.user(), session))
                  .map(ended -> bus.request(QueueMessages.SESSION_ENDED, ended))
                  .ifPresent(told -> logUnlessHeard("waiting room", told));
              return outcome.reply();
            });
  }

  Future<RefundReply> refund(Refund command) {
    return refunds
        .refund(command)
        .map(
            outcome -> {
              if (outcome.reply() instanceof Refunded refunded) {
                outcome
                    .freed()
                    .ifPresent(
                        seat -> {
                          metrics.gaveBack(refunded.bill().price());
                          tellSeatMap(refunded.bill().seat().schedule(), List.of(seat));
                        });
              }
              return outcome.reply();
            })
        .onComplete(metrics::refunded);
  }

  private void tellSeatMap(ScheduleId schedule, List<SeatRow> changed) {
    if (!changed.isEmpty()) {
      var news = new ClaimsChanged(schedule, changed);
      logUnlessHeard("seat map", bus.request(ReservationMessages.CLAIMS_CHANGED, news));
    }
  }

  private static void logUnlessHeard(String whom, Future<?> told) {
    told.onFailure(failure -> log.debug("the {} will find out by itself", whom, failure));
  }
}
