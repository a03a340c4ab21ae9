package io.concert.http;

import static io.concert.http.JsonBody.malformed;

import io.concert.bus.Bus;
import io.concert.catalog.Catalog;
import io.concert.catalog.Concert;
import io.concert.catalog.Layout;
import io.concert.catalog.Schedule;
import io.concert.domain.ConcertId;
import io.concert.domain.RequestKey;
import io.concert.domain.SeatId;
import io.concert.http.Endpoint.BodyRule;
import io.concert.reservation.ReservationMessages;
import io.concert.reservation.ReservationMessages.Held;
import io.concert.reservation.ReservationMessages.HeldSeat;
import io.concert.reservation.ReservationMessages.Hold;
import io.concert.reservation.ReservationMessages.HoldRefusal;
import io.concert.reservation.ReservationMessages.HoldReply;
import io.concert.reservation.ReservationMessages.NotHeld;
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
final class ReservationRoutes {
  private final Vertx vertx;
  private final Bus bus;
  private final Catalog catalog;
  private final Authenticator authenticator;
  private final Door door;
  private final Holding holding;
  private final SeatLooks looks;
  private final SeatLists lists;
  private final InstantSource time;

  ReservationRoutes(
      Vertx vertx,
      Bus bus,
      Catalog catalog,
      Authenticator authenticator,
      Door door,
      Holding holding,
      SeatLooks looks,
      InstantSource time) {
    this.vertx = vertx;
    this.bus = bus;
    this.catalog = catalog;
    this.authenticator = authenticator;
    this.door = door;
    this.holding = holding;
    this.looks = looks;
    this.lists = new SeatLists(vertx, System::nanoTime);
    this.time = time;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/api/v1/reservations/dates/{concertId}", this::dates),
        Endpoint.get("/api/v1/reservations/seats/{scheduleId}", this::seats),
        Endpoint.post("/api/v1/reservations/seats", BodyRule.SEED_JSON, this::hold));
  }

  private Future<Answer> dates(Call call) {
    Token.Queue token = authenticator.queueToken(call);
    ConcertId id =
        ConcertId.parse(call.path("concertId")).orElseThrow(() -> malformed("No such concert."));
    return catalog
        .concert(id)
        .map(found -> found.orElseThrow(() -> malformed("No such concert.")))
        .compose(concert -> door.pass(token, concert.room()).compose(in -> openDates(concert)));
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
    Token.Queue token = authenticator.queueToken(call);
    return holding
        .schedule(call.path("scheduleId"))
        .compose(
            schedule ->
                door.pass(token, schedule.room())
                    .compose(in -> catalog.layout(schedule.id()))
                    .compose(
                        layout ->
                            looks
                                .look(schedule.id(), SeatLooks.FRESH)
                                .compose(states -> lists.list(schedule.id(), layout, states))))
        .compose(list -> list.answer(vertx, call));
  }

  private Future<Answer> hold(Call call) {
    Token.Queue token = authenticator.queueToken(call);
    SeatRequest asked = SeatRequest.read(call.fields());
    Optional<RequestKey> key = RequestKeys.of(call, token.user());
    return holding
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
                      layout ->
                          holding
                              .hold(
                                  token,
                                  schedule,
                                  key,
                                  () -> bus.request(ReservationMessages.HOLD, hold))
                              .map(reply -> holdAnswer(reply, seat, layout)));
            });
  }

  private Answer holdAnswer(HoldReply reply, SeatId seat, Layout layout) {
    if (reply instanceof Held held) {
      HeldSeat mine = held.holds().get(0);
      JsonObject body =
          new JsonObject()
              .put("isReserved", true)
              .put("reservedAt", Times.text(mine.heldAt()))
              .put("holdDeadline", Times.text(mine.deadline()))
              .put("seatNo", layout.seatNo(seat.index()))
              .put("price", mine.price().amount())
              .put("holdId", mine.hold().toString())
              .put("serverTime", Times.text(time.instant()));
      return RequestKeys.marked(Answer.ok(body), held.replayed());
    }
    NotHeld refused = (NotHeld) reply;
    if (refused.reason() == HoldRefusal.NOT_ADMITTED) {
      throw Door.notAdmitted("Your session in the waiting room has ended.");
    }
    return Answer.ok(
        new JsonObject()
            .put("isReserved", false)
            .putNull("reservedAt")
            .putNull("holdDeadline")
            .put("seatNo", layout.seatNo(seat.index()))
            .put("price", layout.price(seat.index()).amount())
            .put("reason", refused.reason().name())
            .put("serverTime", Times.text(time.instant())));
  }
}
