package io.concert.http;

import static io.concert.http.JsonBody.malformed;

import io.concert.bus.Bus;
import io.concert.catalog.Catalog;
import io.concert.catalog.Schedule;
import io.concert.domain.RequestKey;
import io.concert.domain.ScheduleId;
import io.concert.reservation.ReservationMessages;
import io.concert.reservation.ReservationMessages.Held;
import io.concert.reservation.ReservationMessages.HoldReply;
import io.concert.reservation.ReservationMessages.KeyRefused;
import io.concert.reservation.ReservationMessages.RecallHold;
import io.concert.reservation.ReservationMessages.RecallReply;
import io.concert.user.Token;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Supplier;

/** What holding one seat and holding several have in common: who may, and what a key means. */
final class Holding {
  private final Bus bus;
  private final Catalog catalog;
  private final Door door;

  Holding(Bus bus, Catalog catalog, Door door) {
    this.bus = bus;
    this.catalog = catalog;
    this.door = door;
  }

  /** Fails with MALFORMED for a schedule that doesn't exist. */
  Future<Schedule> schedule(String text) {
    ScheduleId id = ScheduleId.parse(text).orElseThrow(() -> malformed("No such schedule."));
    return catalog
        .schedule(id)
        .map(found -> found.orElseThrow(() -> malformed("No such schedule.")));
  }

  /**
   * Asks for a hold if the caller is let in. Who isn't any more still hears what a request with the
   * same key was answered while they were.
   *
   * @return what was held, or why not; fails with NOT_ADMITTED, KEY_REUSED or KEY_IN_FLIGHT
   */
  Future<HoldReply> hold(
      Token.Queue token,
      Schedule schedule,
      Optional<RequestKey> key,
      Supplier<Future<HoldReply>> ask) {
    return door.pass(token, schedule.room())
        .transform(passed -> passed.succeeded() ? ask.get() : recall(key, passed.cause()))
        .map(Holding::unlessKeyRefused);
  }

  private Future<HoldReply> recall(Optional<RequestKey> key, Throwable refusal) {
    if (key.isEmpty() || !Door.refused(refusal)) {
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
      return Future.failedFuture(RequestKeys.refused(refused.reason()));
    }
    return Future.failedFuture(refusal);
  }

  private static HoldReply unlessKeyRefused(HoldReply reply) {
    if (reply instanceof KeyRefused refused) {
      throw RequestKeys.refused(refused.reason());
    }
    return reply;
  }
}
