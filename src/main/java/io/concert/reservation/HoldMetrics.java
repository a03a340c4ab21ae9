package io.concert.reservation;

import io.concert.domain.Fault;
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
  private final MeterRegistry registry;
  private final Counter released;

  HoldMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.released =
        Counter.builder("holds_released")
            .description("Seats that their holder gave back")
            .register(registry);
  }

  /** One request, however many seats it names. */
  void answered(AsyncResult<HoldReply> reply) {
    Counter.builder("holds")
        .description("Requests for holds by what came of them")
        .tag("outcome", outcome(reply))
        .register(registry)
        .increment();
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

  void released(ReleaseReply reply) {
    if (reply instanceof Released done && !done.replayed()) {
      released.increment();
    }
  }
}
