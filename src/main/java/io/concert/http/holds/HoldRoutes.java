package io.concert.http.holds;

import io.concert.bus.Bus;
import io.concert.catalog.Catalog;
import io.concert.catalog.Schedule;
import io.concert.catalog.layout.Layout;
import io.concert.domain.HoldId;
import io.concert.domain.IdempotencyKey;
import io.concert.domain.SeatId;
import io.concert.http.access.Caller;
import io.concert.http.access.IdempotencyKeys;
import io.concert.http.queue.AdmissionGuard;
import io.concert.http.web.Access;
import io.concert.http.web.Answer;
import io.concert.http.web.Call;
import io.concert.http.web.Endpoint;
import io.concert.http.web.Endpoint.BodyRule;
import io.concert.http.web.Problem;
import io.concert.http.web.ProblemCode;
import io.concert.http.web.ProblemException;
import io.concert.http.web.Times;
import io.concert.reservation.api.ReservationMessages;
import io.concert.reservation.api.ReservationMessages.AskHolds;
import io.concert.reservation.api.ReservationMessages.ExtendHold;
import io.concert.reservation.api.ReservationMessages.ExtendReply;
import io.concert.reservation.api.ReservationMessages.Extended;
import io.concert.reservation.api.ReservationMessages.Held;
import io.concert.reservation.api.ReservationMessages.HeldSeat;
import io.concert.reservation.api.ReservationMessages.Hold;
import io.concert.reservation.api.ReservationMessages.HoldBest;
import io.concert.reservation.api.ReservationMessages.HoldRefusal;
import io.concert.reservation.api.ReservationMessages.HoldReply;
import io.concert.reservation.api.ReservationMessages.Holds;
import io.concert.reservation.api.ReservationMessages.KeyRefused;
import io.concert.reservation.api.ReservationMessages.NotExtended;
import io.concert.reservation.api.ReservationMessages.NotHeld;
import io.concert.reservation.api.ReservationMessages.Release;
import io.concert.reservation.api.ReservationMessages.ReleaseReply;
import io.concert.reservation.api.ReservationMessages.Released;
import io.concert.user.Token;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Holding several seats at once, seeing one's holds and giving them back. */
public final class HoldRoutes {
  private final Bus bus;
  private final HoldRequests holdRequests;
  private final Catalog catalog;
  private final SeatNames names;
  private final InstantSource time;

  public HoldRoutes(Bus bus, Catalog catalog, HoldRequests holdRequests, InstantSource time) {
    this.bus = bus;
    this.holdRequests = holdRequests;
    this.catalog = catalog;
    this.names = new SeatNames(catalog);
    this.time = time;
  }

  public List<Endpoint> endpoints() {
    String holds = "/api/v1/reservations/holds";
    return List.of(
        Endpoint.post(holds, Access.ADMITTED, BodyRule.JSON, this::hold),
        Endpoint.get(holds, Access.USER, this::list),
        Endpoint.post(holds + "/{holdId}/extend", Access.USER, BodyRule.NONE, this::extend),
        Endpoint.delete(
            "/api/v1/reservations/seats/{scheduleId}/{seatId}", Access.USER, this::release));
  }

  private Future<Answer> hold(Call call) {
    Token.Queue token = Caller.queueToken(call);
    SeatChoice asked = SeatChoice.read(call.fields());
    Optional<IdempotencyKey> key = IdempotencyKeys.of(call, token.user());
    return holdRequests
        .schedule(asked.scheduleId())
        .compose(
            schedule -> {
              List<SeatId> seats = asked.seatsOf(schedule);
              // The layout first: once seats are held nothing may keep that from being said.
              return catalog
                  .layout(schedule.id())
                  .compose(
                      layout -> {
                        Optional<String> section = asked.sectionOf(layout);
                        seats.forEach(seat -> SeatRequest.requireIn(layout, seat));
                        return holdRequests
                            .hold(
                                token,
                                schedule,
                                key,
                                () -> ask(asked, section, token, schedule, seats, key))
                            .map(reply -> held(reply, layout));
                      });
            });
  }

  private Future<HoldReply> ask(
      SeatChoice asked,
      Optional<String> section,
      Token.Queue token,
      Schedule schedule,
      List<SeatId> seats,
      Optional<IdempotencyKey> key) {
    return asked.named()
        ? bus.request(
            ReservationMessages.HOLD,
            new Hold(schedule.room(), token.user(), schedule.id(), seats, key))
        : bus.request(
            ReservationMessages.HOLD_BEST,
            new HoldBest(
                schedule.room(), token.user(), schedule.id(), asked.count(), section, key));
  }

  private Answer held(HoldReply reply, Layout layout) {
    if (reply instanceof Held held) {
      JsonArray holds = new JsonArray();
      held.holds()
          .forEach(hold -> holds.add(body(hold, layout.seatNoOf(hold.seat()).orElse(null))));
      JsonObject body =
          new JsonObject().put("holds", holds).put("serverTime", Times.text(time.instant()));
      return IdempotencyKeys.marked(Answer.json(201, body), held.replayed());
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

  public static JsonArray ids(List<SeatId> seats) {
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
      case BANNED -> AdmissionGuard.banned().problem();
    };
  }

  /** All of them: there are as many as the limits of a few concerts. */
  private Future<Answer> list(Call call) {
    Token token = Caller.token(call);
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
                                    .put("scheduleId", hold.seat().schedule().toString())
                                    .put("extendableSeconds", extendable(holds, hold)));
                          }
                          return Answer.ok(
                              new JsonObject()
                                  .put("items", items)
                                  .putNull("next")
                                  .put("serverTime", Times.text(time.instant())));
                        }));
  }

  private static long extendable(Holds holds, HeldSeat hold) {
    return holds.extendable().contains(hold.hold()) ? holds.extension().toSeconds() : 0;
  }

  /** To be repeated until it is certain: each hold is prolonged once. */
  private Future<Answer> extend(Call call) {
    Token token = Caller.token(call);
    holdRequests.requireNotBanned(token.user());
    HoldId id = HoldId.parse(call.path("holdId")).orElseThrow(HoldRoutes::notHeld);
    return bus.request(ReservationMessages.EXTEND_HOLD, new ExtendHold(token.user(), id))
        .map(HoldRoutes::extended)
        .compose(
            hold ->
                names
                    .of(List.of(hold.seat()))
                    .map(
                        seatNos ->
                            Answer.ok(
                                body(hold, seatNos.get(hold.seat()))
                                    .put("scheduleId", hold.seat().schedule().toString())
                                    .put("extendableSeconds", 0)
                                    .put("serverTime", Times.text(time.instant())))));
  }

  private static HeldSeat extended(ExtendReply reply) {
    if (reply instanceof Extended extended) {
      return extended.hold();
    }
    throw ((NotExtended) reply).never()
        ? Problem.of(ProblemCode.LIMIT_REACHED, "Holds can't be prolonged here.").exception()
        : notHeld();
  }

  private Future<Answer> release(Call call) {
    Token token = Caller.token(call);
    Optional<IdempotencyKey> key = IdempotencyKeys.of(call, token.user());
    SeatId seat =
        SeatId.parse(call.path("seatId"))
            .filter(named -> named.schedule().toString().equals(call.path("scheduleId")))
            .orElseThrow(HoldRoutes::notHeld);
    return bus.request(ReservationMessages.RELEASE, new Release(token.user(), seat, key))
        .map(HoldRoutes::released);
  }

  private static Answer released(ReleaseReply reply) {
    if (reply instanceof Released released) {
      return IdempotencyKeys.marked(Answer.noContent(), released.replayed());
    }
    if (reply instanceof KeyRefused refused) {
      throw IdempotencyKeys.refused(refused.reason());
    }
    throw notHeld();
  }

  private static ProblemException notHeld() {
    return Problem.of(ProblemCode.NOT_FOUND, "You hold no such seat.").exception();
  }
}
