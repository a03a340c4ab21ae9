package io.concert.http.seats;

import static io.concert.http.web.JsonBody.malformed;

import io.concert.catalog.Schedule;
import io.concert.http.access.Caller;
import io.concert.http.holds.HoldRequests;
import io.concert.http.queue.AdmissionGuard;
import io.concert.http.web.Access;
import io.concert.http.web.Answer;
import io.concert.http.web.Call;
import io.concert.http.web.Endpoint;
import io.concert.http.web.MediaTypes;
import io.concert.http.web.Outcome;
import io.concert.http.web.Problem;
import io.concert.http.web.ProblemCode;
import io.concert.queue.view.RoomViews;
import io.concert.reservation.api.ReservationMessages.SeatStates;
import io.concert.user.Token;
import io.concert.user.Tokens;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;

/** The seat map of a schedule: how all its seats stand, and what becomes of them. */
public final class SeatMapRoutes {
  private final Vertx vertx;
  private final RoomViews views;
  private final Tokens tokens;
  private final HoldRequests holdRequests;
  private final AdmissionGuard admissionGuard;
  private final SeatLooks looks;
  private final SeatWatch watch;
  private final SeatStatuses statuses = new SeatStatuses();

  public SeatMapRoutes(
      Vertx vertx,
      RoomViews views,
      Tokens tokens,
      HoldRequests holdRequests,
      AdmissionGuard admissionGuard,
      SeatLooks looks) {
    this.vertx = vertx;
    this.views = views;
    this.tokens = tokens;
    this.holdRequests = holdRequests;
    this.admissionGuard = admissionGuard;
    this.looks = looks;
    this.watch = new SeatWatch(vertx, looks);
  }

  public List<Endpoint> endpoints() {
    String seats = "/api/v1/reservations/seats/{id}";
    return List.of(
        Endpoint.get(seats + "/status", Access.ADMITTED, this::status),
        Endpoint.get(seats + "/events", Access.ADMITTED, this::follow));
  }

  /** How the seats stand; fails unless the caller is let in. */
  private record Seen(Schedule schedule, SeatStates states) {}

  private Future<Seen> see(Call call, Token.Queue token) {
    return holdRequests
        .schedule(call.path("id"))
        .compose(
            schedule ->
                admissionGuard
                    .pass(token, schedule.room())
                    .compose(in -> looks.look(schedule.id(), SeatLooks.FRESH))
                    .map(states -> new Seen(schedule, states)));
  }

  private Future<Answer> status(Call call) {
    Token.Queue token = Caller.queueToken(call);
    Optional<SeatVersion> since = version(call.query("since"), "since");
    return see(call, token)
        .compose(
            seen ->
                since.isPresent()
                    ? Future.succeededFuture(changes(seen, since.get()))
                    : statuses
                        .of(
                            seen.schedule.id(),
                            seen.states,
                            MediaTypes.prefers(call, SeatStatuses.OCTETS, Answer.JSON))
                        .answer(vertx, call));
  }

  private static Optional<SeatVersion> version(Optional<String> given, String where) {
    return given.map(
        text ->
            SeatVersion.parse(text)
                .orElseThrow(() -> malformed("`" + where + "` must be a version of these seats.")));
  }

  private Answer changes(Seen seen, SeatVersion since) {
    return looks
        .history(seen.schedule.id())
        .since(since)
        .map(changes -> Answer.json(200, changes.json()))
        .orElseThrow(
            () ->
                Problem.of(ProblemCode.NOT_FOUND, "That version isn't known; ask for all seats.")
                    .withStatus(410)
                    .exception());
  }

  private Future<Outcome> follow(Call call) {
    Token.Queue token = Caller.queueToken(call);
    Optional<SeatVersion> known =
        version(call.header("Last-Event-ID").filter(id -> !id.isEmpty()), "Last-Event-ID");
    return see(call, token)
        .map(
            seen ->
                new SeatStream(
                    vertx,
                    views,
                    tokens,
                    watch,
                    looks.history(seen.schedule.id()),
                    seen.schedule.id(),
                    token,
                    Caller.queueJwt(call),
                    known));
  }
}
