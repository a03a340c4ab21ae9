package io.concert.http.seats;

import static io.concert.http.web.JsonBody.malformed;

import io.concert.bus.Bus;
import io.concert.catalog.Catalog;
import io.concert.catalog.Concert;
import io.concert.catalog.Schedule;
import io.concert.catalog.layout.Layout;
import io.concert.domain.ConcertId;
import io.concert.domain.IdempotencyKey;
import io.concert.domain.SeatId;
import io.concert.http.access.Caller;
import io.concert.http.access.IdempotencyKeys;
import io.concert.http.holds.HoldRequests;
import io.concert.http.holds.SeatRequest;
import io.concert.http.queue.AdmissionGuard;
import io.concert.http.web.Access;
import io.concert.http.web.Answer;
import io.concert.http.web.Call;
import io.concert.http.web.Endpoint;
import io.concert.http.web.Endpoint.BodyRule;
import io.concert.http.web.Times;
import io.concert.reservation.api.ReservationMessages;
import io.concert.reservation.api.ReservationMessages.Held;
import io.concert.reservation.api.ReservationMessages.HeldSeat;
import io.concert.reservation.api.ReservationMessages.Hold;
import io.concert.reservation.api.ReservationMessages.HoldRefusal;
import io.concert.reservation.api.ReservationMessages.HoldReply;
import io.concert.reservation.api.ReservationMessages.NotHeld;
import io.concert.user.Token;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Looking for a seat and holding one. */
public final class ReservationRoutes {
  private final Vertx vertx;
  private final Bus bus;
  private final Catalog catalog;
  private final AdmissionGuard admissionGuard;
  private final HoldRequests holdRequests;
  private final SeatLooks looks;
  private final SeatLists lists;
  private final InstantSource time;

  public ReservationRoutes(
      Vertx vertx,
      Bus bus,
      Catalog catalog,
      AdmissionGuard admissionGuard,
      HoldRequests holdRequests,
      SeatLooks looks,
      InstantSource time) {
    this.vertx = vertx;
    this.bus = bus;
    this.catalog = catalog;
    this.admissionGuard = admissionGuard;
    this.holdRequests = holdRequests;
    this.looks = looks;
    this.lists = new SeatLists(vertx, System::nanoTime);
    this.time = time;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/api/v1/reservations/dates/{concertId}", Access.ADMITTED, this::dates),
        Endpoint.get("/api/v1/reservations/seats/{scheduleId}", Access.ADMITTED, this::seats),
        Endpoint.post(
            "/api/v1/reservations/seats", Access.ADMITTED, BodyRule.SEED_JSON, this::hold));
  }

  private Future<Answer> dates(Call call) {
    Token.Queue token = Caller.queueToken(call);
    ConcertId id =
        ConcertId.parse(call.path("concertId")).orElseThrow(() -> malformed("No such concert."));
    return catalog
        .concert(id)
        .map(found -> found.orElseThrow(() -> malformed("No such concert.")))
        .compose(
            concert ->
                admissionGuard.pass(token, concert.room()).compose(in -> openDates(concert)));
  }

  private Future<Answer> openDates(Concert concert) {
    Instant now = time.instant();
    List<Schedule> onSale =
        concert.schedules().stream()
            .filter(schedule -> schedule.seats() > 0 && schedule.onSale(now))
            .toList();
    List<Future<Integer>> free =
        onSale.stream().map(schedule -> looks.free(schedule.id(), SeatLooks.FRESH)).toList();
    return Future.all(free)
        .map(
            all -> {
              JsonArray ids = new JsonArray();
              JsonArray dates = new JsonArray();
              for (int i = 0; i < onSale.size(); i++) {
                if (free.get(i).result() > 0) {
                  ids.add(onSale.get(i).id().toString());
                  dates.add(Times.text(onSale.get(i).startsAt()));
                }
              }
              return Answer.ok(
                  new JsonObject().put("scheduleIds", ids).put("scheduleDates", dates));
            });
  }

  private Future<Answer> seats(Call call) {
    Token.Queue token = Caller.queueToken(call);
    return holdRequests
        .schedule(call.path("scheduleId"))
        .compose(
            schedule ->
                admissionGuard
                    .pass(token, schedule.room())
                    .compose(in -> catalog.layout(schedule.id()))
                    .compose(
                        layout ->
                            looks
                                .look(schedule.id(), SeatLooks.FRESH)
                                .compose(states -> lists.list(schedule.id(), layout, states))))
        .compose(list -> list.answer(vertx, call));
  }

  private Future<Answer> hold(Call call) {
    Token.Queue token = Caller.queueToken(call);
    SeatRequest asked = SeatRequest.read(call.fields());
    Optional<IdempotencyKey> key = IdempotencyKeys.of(call, token.user());
    return holdRequests
        .schedule(asked.scheduleId())
        .compose(
            schedule -> {
              SeatId seat = asked.seatOf(schedule);
              Hold hold =
                  new Hold(schedule.room(), token.user(), schedule.id(), List.of(seat), key);
              // The layout first: once the seat is held nothing may keep that from being said.
              return catalog
                  .layout(schedule.id())
                  .compose(
                      layout -> {
                        SeatRequest.requireIn(layout, seat);
                        return holdRequests
                            .hold(
                                token,
                                schedule,
                                key,
                                () -> bus.request(ReservationMessages.HOLD, hold))
                            .map(reply -> holdAnswer(reply, seat, layout));
                      });
            });
  }

  private Answer holdAnswer(HoldReply reply, SeatId seat, Layout layout) {
    int position = layout.position(seat.index());
    if (reply instanceof Held held) {
      HeldSeat mine = held.holds().get(0);
      JsonObject body =
          new JsonObject()
              .put("isReserved", true)
              .put("reservedAt", Times.text(mine.heldAt()))
              .put("holdDeadline", Times.text(mine.deadline()))
              .put("seatNo", layout.seatNo(position))
              .put("price", mine.price().amount())
              .put("holdId", mine.hold().toString())
              .put("serverTime", Times.text(time.instant()));
      return IdempotencyKeys.marked(Answer.ok(body), held.replayed());
    }
    NotHeld refused = (NotHeld) reply;
    if (refused.reason() == HoldRefusal.NOT_ADMITTED) {
      throw AdmissionGuard.notAdmitted("Your session in the waiting room has ended.");
    }
    if (refused.reason() == HoldRefusal.BANNED) {
      throw AdmissionGuard.banned();
    }
    return Answer.ok(
        new JsonObject()
            .put("isReserved", false)
            .putNull("reservedAt")
            .putNull("holdDeadline")
            .put("seatNo", layout.seatNo(position))
            .put("price", layout.price(position).amount())
            .put("reason", refused.reason().name())
            .put("serverTime", Times.text(time.instant())));
  }
}
