package io.concert.payment;

import io.concert.bus.Bus;
import io.concert.payment.PaymentMessages.AskBalance;
import io.concert.payment.PaymentMessages.Balance;
import io.concert.payment.PaymentMessages.Charge;
import io.concert.payment.PaymentMessages.ChargeReply;
import io.concert.payment.PaymentMessages.Pay;
import io.concert.payment.PaymentMessages.PayReply;
import io.concert.queue.QueueMessages;
import io.concert.queue.QueueMessages.SessionEnded;
import io.concert.reservation.ReservationMessages;
import io.concert.reservation.ReservationMessages.ClaimState;
import io.concert.reservation.ReservationMessages.ClaimsChanged;
import io.concert.reservation.SeatStatus;
import io.vertx.core.Future;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes payments. The database decides alone; once it has committed, the seat map and the waiting
 * room are told so that they needn't find out by themselves, which they would within two seconds.
 */
final class PaymentService {
  private static final Logger log = LoggerFactory.getLogger(PaymentService.class);

  private final Ledger ledger;
  private final Bus bus;

  PaymentService(Ledger ledger, Bus bus) {
    this.ledger = ledger;
    this.bus = bus;
  }

  Future<PayReply> pay(Pay command) {
    return ledger
        .pay(command)
        .map(
            verdict -> {
              tellSeatMap(command, verdict);
              tellWaitingRoom(command, verdict);
              return verdict.reply();
            });
  }

  Future<ChargeReply> charge(Charge command) {
    return ledger.charge(command);
  }

  Future<Balance> balance(AskBalance question) {
    return ledger.balance(question);
  }

  private void tellSeatMap(Pay command, Ledger.Verdict verdict) {
    verdict
        .fence()
        .map(
            fence ->
                new ClaimState(
                    command.seats().get(0).seat().index(),
                    SeatStatus.SOLD,
                    command.user().number(),
                    fence,
                    0))
        .map(sold -> new ClaimsChanged(command.schedule(), List.of(sold)))
        .map(changed -> bus.request(ReservationMessages.CLAIMS_CHANGED, changed))
        .ifPresent(told -> logUnlessHeard("seat map", told));
  }

  private void tellWaitingRoom(Pay command, Ledger.Verdict verdict) {
    verdict
        .endedSession()
        .map(session -> new SessionEnded(command.room(), command.user(), session))
        .map(ended -> bus.request(QueueMessages.SESSION_ENDED, ended))
        .ifPresent(told -> logUnlessHeard("waiting room", told));
  }

  private static void logUnlessHeard(String whom, Future<?> told) {
    told.onFailure(failure -> log.debug("the {} will find out by itself", whom, failure));
  }
}
