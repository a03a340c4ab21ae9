package io.concert.http.holds;

import static io.concert.http.web.JsonBody.malformed;

import io.concert.bus.Bus;
import io.concert.catalog.Catalog;
import io.concert.catalog.Schedule;
import io.concert.domain.IdempotencyKey;
import io.concert.domain.ScheduleId;
import io.concert.domain.UserId;
import io.concert.http.access.IdempotencyKeys;
import io.concert.http.queue.AdmissionGuard;
import io.concert.reservation.api.ReservationMessages;
import io.concert.reservation.api.ReservationMessages.Held;
import io.concert.reservation.api.ReservationMessages.HoldReply;
import io.concert.reservation.api.ReservationMessages.KeyRefused;
import io.concert.reservation.api.ReservationMessages.RecallHold;
import io.concert.reservation.api.ReservationMessages.RecallReply;
import io.concert.user.Token;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Supplier;

/** What holding one seat and holding several have in common: who may, and what a key means. */
public final class HoldRequests {
  private final Bus bus;
  private final Catalog catalog;
  private final AdmissionGuard admissionGuard;

  public HoldRequests(Bus bus, Catalog catalog, AdmissionGuard admissionGuard) {
    this.bus = bus;
    this.catalog = catalog;
    this.admissionGuard = admissionGuard;
  }

  /** Throws BANNED for whom this node knows to be. */
  public void requireNotBanned(UserId user) {
    admissionGuard.requireNotBanned(user);
  }

  /** Fails with MALFORMED for a schedule that doesn't exist. */
  public Future<Schedule> schedule(String text) {
    ScheduleId id = ScheduleId.parse(text).orElseThrow(() -> malformed("No such schedule."));
    return catalog
        .schedule(id)
        .map(found -> found.orElseThrow(() -> malformed("No such schedule.")));
  }

  /**
   * Asks for a hold if the caller is let in. Who isn't any more still hears what a request with the
   * same key was answered while they were.
   *
   * @return what was held, or why not; fails with NOT_ADMITTED, BANNED, KEY_REUSED or KEY_IN_FLIGHT
   */
  public Future<HoldReply> hold(
      Token.Queue token,
      Schedule schedule,
      Optional<IdempotencyKey> key,
      Supplier<Future<HoldReply>> ask) {
    return admissionGuard
        .pass(token, schedule.room())
        .transform(passed -> passed.succeeded() ? ask.get() : recall(key, passed.cause()))
        .map(HoldRequests::unlessKeyRefused);
  }

  private Future<HoldReply> recall(Optional<IdempotencyKey> key, Throwable refusal) {
    if (key.isEmpty() || !AdmissionGuard.refused(refusal)) {
      return Future.failedFuture(refusal);
    }
    return bus.request(ReservationMessages.RECALL_HOLD, new RecallHold(key.get()))
        .compose(reply -> recalled(reply, refusal));
  }

  private static Future<HoldReply> recalled(RecallReply reply, Throwable refusal) {
    if (reply instanceof Held held) {
      return Future.succeededFuture(new Held(held.holds(), true));
    }
    if (reply instanceof KeyRefused refused) {
      return Future.failedFuture(IdempotencyKeys.refused(refused.reason()));
    }
    return Future.failedFuture(refusal);
  }

  private static HoldReply unlessKeyRefused(HoldReply reply) {
    if (reply instanceof KeyRefused refused) {
      throw IdempotencyKeys.refused(refused.reason());
    }
    return reply;
  }
}
