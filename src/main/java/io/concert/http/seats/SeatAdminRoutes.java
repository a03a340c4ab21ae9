package io.concert.http.seats;

import io.concert.catalog.Catalog;
import io.concert.catalog.layout.Layout;
import io.concert.domain.ScheduleId;
import io.concert.domain.SeatId;
import io.concert.http.web.Access;
import io.concert.http.web.Answer;
import io.concert.http.web.Call;
import io.concert.http.web.Endpoint;
import io.concert.http.web.MediaTypes;
import io.concert.http.web.PageRequest;
import io.concert.http.web.Problem;
import io.concert.http.web.ProblemCode;
import io.concert.http.web.ProblemException;
import io.concert.http.web.ScheduleInPath;
import io.concert.http.web.Times;
import io.concert.reservation.house.SeatRecords;
import io.concert.reservation.house.SeatRecords.Block;
import io.concert.reservation.house.SeatRecords.StandingHold;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/** How the seats of a date stand, without a place in line. For operators. */
public final class SeatAdminRoutes {
  private final Vertx vertx;
  private final SeatRecords records;
  private final Catalog catalog;
  private final SeatLooks looks;
  private final SeatStatuses statuses = new SeatStatuses();

  public SeatAdminRoutes(Vertx vertx, SeatRecords records, Catalog catalog, SeatLooks looks) {
    this.vertx = vertx;
    this.records = records;
    this.catalog = catalog;
    this.looks = looks;
  }

  public List<Endpoint> endpoints() {
    String schedule = "/api/v1/admin/schedules/{id}";
    return List.of(
        Endpoint.get(schedule + "/seats", Access.VIEWER, this::seats),
        Endpoint.get(schedule + "/seats/{seatId}", Access.VIEWER, this::seat),
        Endpoint.get(schedule + "/blocks", Access.VIEWER, this::blocks));
  }

  private Future<Answer> seats(Call call) {
    return ScheduleInPath.find(call, catalog)
        .compose(
            schedule ->
                looks
                    .look(schedule.id(), SeatLooks.FRESH)
                    .compose(
                        states ->
                            statuses
                                .of(
                                    schedule.id(),
                                    states,
                                    MediaTypes.prefers(call, SeatStatuses.OCTETS, Answer.JSON))
                                .answer(vertx, call)));
  }

  private Future<Answer> seat(Call call) {
    SeatId id = seatInPath(call).orElseThrow(SeatAdminRoutes::noSuchSeat);
    return catalog
        .layout(id.schedule())
        .compose(
            layout ->
                records
                    .seat(id)
                    .map(found -> found.orElseThrow(SeatAdminRoutes::noSuchSeat))
                    .map(seat -> Answer.ok(body(seat, layout))));
  }

  private static JsonObject body(SeatRecords.Seat seat, Layout layout) {
    return new JsonObject()
        .put("seatId", seat.seat().toString())
        .put("seatNo", layout.seatNoOf(seat.seat()).orElse(null))
        .put("state", seat.status().code())
        .put("hold", seat.hold().map(SeatAdminRoutes::body).orElse(null))
        .put("block", seat.block().map(block -> body(block, layout)).orElse(null));
  }

  private static JsonObject body(StandingHold hold) {
    return new JsonObject()
        .put("userNumber", hold.holder().number())
        .put("heldAt", Times.text(hold.heldAt()))
        .put("holdDeadline", Times.text(hold.deadline()));
  }

  private Future<Answer> blocks(Call call) {
    PageRequest page = PageRequest.of(call);
    return ScheduleInPath.find(call, catalog)
        .compose(
            schedule ->
                catalog
                    .layout(schedule.id())
                    .compose(layout -> blocks(page, schedule.id(), layout)));
  }

  private Future<Answer> blocks(PageRequest page, ScheduleId schedule, Layout layout) {
    int after =
        page.cursor(text -> SeatId.parse(text).filter(seat -> seat.schedule().equals(schedule)))
            .map(SeatId::index)
            .orElse(-1);
    return records
        .blocks(schedule, after, page.limit() + 1)
        .map(
            found ->
                Answer.ok(
                    page.answer(found, block -> body(block, layout), b -> b.seat().toString())));
  }

  private static JsonObject body(Block block, Layout layout) {
    return new JsonObject()
        .put("seatId", block.seat().toString())
        .put("seatNo", layout.seatNoOf(block.seat()).orElse(null))
        .put("note", block.note().orElse(null))
        .put("operator", block.operator())
        .put("blockedAt", Times.text(block.blockedAt()));
  }

  /** The seat that the path names, if it is one of the date that it names. */
  static Optional<SeatId> seatInPath(Call call) {
    return SeatId.parse(call.path("seatId"))
        .filter(seat -> seat.schedule().toString().equals(call.path("id")));
  }

  private static ProblemException noSuchSeat() {
    return Problem.of(ProblemCode.NOT_FOUND, "No such seat in this schedule.").exception();
  }
}
