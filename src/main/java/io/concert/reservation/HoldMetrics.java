package io.concert.reservation;

import io.concert.domain.Fault;
import io.concert.domain.SaleTally;
import io.concert.domain.ScheduleId;
import io.concert.reservation.api.ReservationMessages.Held;
import io.concert.reservation.api.ReservationMessages.HoldReply;
import io.concert.reservation.api.ReservationMessages.KeyRefused;
import io.concert.reservation.api.ReservationMessages.NotHeld;
import io.concert.reservation.api.ReservationMessages.ReleaseReply;
import io.concert.reservation.api.ReservationMessages.Released;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.AsyncResult;
import java.util.Locale;

/** What Prometheus is told of the holds that this node was asked for or given back. */
final class HoldMetrics {
  /** Seats, not requests. */
  static final String HELD = "seats.held";

  static final String EXPIRED = "seats.expired";
  static final String GIVEN_BACK = "seats.given_back";

  private final MeterRegistry registry;
  private final SaleTally tally;
  private final Counter released;

  HoldMetrics(MeterRegistry registry, SaleTally tally) {
    this.registry = registry;
    this.tally = tally;
    this.released =
        Counter.builder("holds_released")
            .description("Seats that their holder gave back")
            .register(registry);
  }

  /** One request, however many seats it names. */
  void answered(ScheduleId schedule, AsyncResult<HoldReply> reply) {
    String outcome = outcome(reply);
    Counter.builder("holds")
        .description("Requests for holds by what came of them")
        .tag("outcome", outcome)
        .register(registry)
        .increment();
    tally.count(schedule, "holds." + outcome, 1);
    if (reply.result() instanceof Held held && !held.replayed()) {
      tally.count(schedule, HELD, held.holds().size());
    }
  }

  private static String outcome(AsyncResult<HoldReply> reply) {
    if (reply.failed()) {
      return Fault.of(reply.cause()).kind().name().toLowerCase(Locale.ROOT);
    } else if (reply.result() instanceof Held held) {
      return held.replayed() ? "repeated" : "granted";
    } else if (reply.result() instanceof NotHeld refused) {
      return refused.reason().name().toLowerCase(Locale.ROOT);
    } else if (reply.result() instanceof KeyRefused) {
      return "key_refused";
    }
    throw new IllegalArgumentException("an unknown reply: " + reply.result());
  }

  void released(ScheduleId schedule, ReleaseReply reply) {
    if (reply instanceof Released done && !done.replayed()) {
      released.increment();
      tally.count(schedule, GIVEN_BACK, 1);
    }
  }
}
