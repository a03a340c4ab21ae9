package io.concert.http;

import io.concert.bus.Bus;
import io.concert.catalog.Catalog;
import io.concert.catalog.Layout;
import io.concert.catalog.Schedule;
import io.concert.domain.RequestKey;
import io.concert.domain.SeatId;
import io.concert.http.Endpoint.BodyRule;
import io.concert.reservation.ReservationMessages;
import io.concert.reservation.ReservationMessages.AskHolds;
import io.concert.reservation.ReservationMessages.Held;
import io.concert.reservation.ReservationMessages.HeldSeat;
import io.concert.reservation.ReservationMessages.Hold;
import io.concert.reservation.ReservationMessages.HoldBest;
import io.concert.reservation.ReservationMessages.HoldRefusal;
import io.concert.reservation.ReservationMessages.HoldReply;
import io.concert.reservation.ReservationMessages.KeyRefused;
import io.concert.reservation.ReservationMessages.NotHeld;
import io.concert.reservation.ReservationMessages.Release;
import io.concert.reservation.ReservationMessages.ReleaseReply;
import io.concert.reservation.ReservationMessages.Released;
import io.concert.user.Token;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Holding several seats at once, seeing one's holds and giving them back. */
final class HoldRoutes {
  private final Bus bus;
  private final Authenticator authenticator;
  private final Holding holding;
  private final Catalog catalog;
  private final SeatNames names;
  private final InstantSource time;

  HoldRoutes(
      Bus bus, Catalog catalog, Authenticator authenticator, Holding holding, InstantSource time) {
    this.bus = bus;
    this.authenticator = authenticator;
    this.holding = holding;
    this.catalog = catalog;
    this.names = new SeatNames(catalog);
    this.time = time;
  }

  List<Endpoint> endpoints() {
    String holds = "/api/v1/reservations/holds";
    return List.of(
        Endpoint.post(holds, BodyRule.JSON, this::hold),
        Endpoint.get(holds, this::list),
        Endpoint.delete("/api/v1/reservations/seats/{scheduleId}/{seatId}", this::release));
  }

  private Future<Answer> hold(Call call) {
    Token.Queue token = authenticator.queueToken(call);
    SeatChoice asked = SeatChoice.read(call.fields());
    Optional<RequestKey> key = RequestKeys.of(call, token.user());
    return holding
        .schedule(asked.scheduleId())
        .compose(
            schedule -> {
              List<SeatId> seats = asked.seatsOf(schedule);
              // The layout first: once seats are held nothing may keep that from being said.
              return catalog
                  .layout(schedule.id())
                  .compose(
                      layout -> {
                        asked.requireSection(layout);
                        return holding
                            .hold(
                                token, schedule, key, () -> ask(asked, token, schedule, seats, key))
                            .map(reply -> held(reply, layout));
                      });
            });
  }

  private Future<HoldReply> ask(
      SeatChoice asked,
      Token.Queue token,
      Schedule schedule,
      List<SeatId> seats,
      Optional<RequestKey> key) {
    return asked.named()
        ? bus.request(
            ReservationMessages.HOLD,
            new Hold(schedule.room(), token.user(), schedule.id(), seats, key))
        : bus.request(
            ReservationMessages.HOLD_BEST,
            new HoldBest(
                schedule.room(), token.user(), schedule.id(), asked.count(), asked.section(), key));
  }

  private Answer held(HoldReply reply, Layout layout) {
    if (reply instanceof Held held) {
      JsonArray holds = new JsonArray();
      held.holds().forEach(hold -> holds.add(body(hold, layout.seatNo(hold.seat().index()))));
      JsonObject body =
          new JsonObject().put("holds", holds).put("serverTime", Times.text(time.instant()));
      return RequestKeys.marked(Answer.json(201, body), held.replayed());
    }
    NotHeld refused = (NotHeld) reply;
    Problem problem = problem(refused.reason());
    throw (refused.seats().isEmpty() ? problem : problem.with("seatIds", ids(refused.seats())))
        .exception();
  }

  private static JsonObject body(HeldSeat hold, @Nullable String seatNo) {
    return new JsonObject()
        .put("holdId", hold.hold().toString())
        .put("seatId", hold.seat().toString())
        .put("seatNo", seatNo)
        .put("price", hold.price().amount())
        .put("holdDeadline", Times.text(hold.deadline()));
  }

  static JsonArray ids(List<SeatId> seats) {
    return new JsonArray(seats.stream().map(SeatId::toString).toList());
  }

  private static Problem problem(HoldRefusal reason) {
    return switch (reason) {
      case SEAT_TAKEN -> Problem.of(ProblemCode.SEAT_TAKEN, "Nothing was held; choose others.");
      case LIMIT_REACHED ->
          Problem.of(ProblemCode.LIMIT_REACHED, "Held and bought seats of this date count.");
      case NOT_ADJACENT ->
          Problem.of(ProblemCode.NOT_ADJACENT, "Ask for fewer, or in another section.");
      case NOT_ON_SALE ->
          Problem.of(ProblemCode.NOT_ON_SALE, "Neither it nor its seats can be had.");
      case NOT_ADMITTED ->
          Problem.of(ProblemCode.NOT_ADMITTED, "Your session in the waiting room has ended.");
    };
  }

  /** All of them: there are as many as the limits of a few concerts. */
  private Future<Answer> list(Call call) {
    Token token = authenticator.anyToken(call);
    return bus.request(ReservationMessages.ASK_HOLDS, new AskHolds(token.user()))
        .compose(
            holds ->
                names
                    .of(holds.holds().stream().map(HeldSeat::seat).toList())
                    .map(
                        seatNos -> {
                          JsonArray items = new JsonArray();
                          for (HeldSeat hold : holds.holds()) {
                            items.add(
                                body(hold, seatNos.get(hold.seat()))
                                    .put("scheduleId", hold.seat().schedule().toString()));
                          }
                          return Answer.ok(
                              new JsonObject()
                                  .put("items", items)
                                  .putNull("next")
                                  .put("serverTime", Times.text(time.instant())));
                        }));
  }

  private Future<Answer> release(Call call) {
    Token token = authenticator.anyToken(call);
    Optional<RequestKey> key = RequestKeys.of(call, token.user());
    SeatId seat =
        SeatId.parse(call.path("seatId"))
            .filter(named -> named.schedule().toString().equals(call.path("scheduleId")))
            .orElseThrow(HoldRoutes::notHeld);
    return bus.request(ReservationMessages.RELEASE, new Release(token.user(), seat, key))
        .map(HoldRoutes::released);
  }

  private static Answer released(ReleaseReply reply) {
    if (reply instanceof Released released) {
      return RequestKeys.marked(Answer.noContent(), released.replayed());
    }
    if (reply instanceof KeyRefused refused) {
      throw RequestKeys.refused(refused.reason());
    }
    throw notHeld();
  }

  private static ProblemException notHeld() {
    return Problem.of(ProblemCode.NOT_FOUND, "You hold no such seat.").exception();
  }
}
