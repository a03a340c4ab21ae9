package io.concert.http.seats;

import static io.concert.http.web.JsonBody.malformed;

import io.concert.catalog.Catalog;
import io.concert.catalog.layout.Layout;
import io.concert.domain.Actor;
import io.concert.domain.ScheduleId;
import io.concert.domain.SeatId;
import io.concert.http.access.Caller;
import io.concert.http.access.IdempotencyKeys;
import io.concert.http.web.Access;
import io.concert.http.web.Answer;
import io.concert.http.web.Call;
import io.concert.http.web.Endpoint;
import io.concert.http.web.Endpoint.BodyRule;
import io.concert.http.web.JsonFields;
import io.concert.http.web.Problem;
import io.concert.http.web.ProblemCode;
import io.concert.http.web.ProblemException;
import io.concert.http.web.ScheduleInPath;
import io.concert.reservation.house.HouseReply;
import io.concert.reservation.house.HouseSeats;
import io.concert.reservation.house.SeatSelection;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/** Keeping seats from sale, giving them back to it, ending holds. For operators. */
public final class HouseSeatRoutes {
  private static final int LONGEST_NOTE = 200;

  private final HouseSeats house;
  private final Catalog catalog;

  public HouseSeatRoutes(HouseSeats house, Catalog catalog) {
    this.house = house;
    this.catalog = catalog;
  }

  public List<Endpoint> endpoints() {
    String schedule = "/api/v1/admin/schedules/{id}";
    return List.of(
        Endpoint.post(schedule + "/blocks", Access.OPERATOR, BodyRule.JSON, this::block),
        Endpoint.post(schedule + "/blocks/release", Access.OPERATOR, BodyRule.JSON, this::release),
        Endpoint.delete(schedule + "/holds/{seatId}", Access.OPERATOR, this::endHold));
  }

  private Future<Answer> block(Call call) {
    ScheduleId schedule = ScheduleInPath.id(call);
    JsonFields fields = call.fields();
    SeatSelection selection = SelectionBody.take(fields, schedule);
    Optional<String> note = fields.optionalText("note", LONGEST_NOTE);
    fields.end();
    if (note.map(String::isBlank).orElse(false)) {
      throw malformed("`note` must say something; leave it out if there is nothing to say.");
    }
    Actor actor = Caller.actor(call);
    return chosen(schedule, selection)
        .compose(chosen -> house.block(chosen, note, actor))
        .map(reply -> done(schedule, reply));
  }

  private Future<Answer> release(Call call) {
    ScheduleId schedule = ScheduleInPath.id(call);
    JsonFields fields = call.fields();
    SeatSelection selection = SelectionBody.take(fields, schedule);
    fields.end();
    Actor actor = Caller.actor(call);
    return chosen(schedule, selection)
        .compose(chosen -> house.release(chosen, actor))
        .map(reply -> done(schedule, reply));
  }

  private Future<HouseSeats.Chosen> chosen(ScheduleId schedule, SeatSelection selection) {
    return catalog
        .schedule(schedule)
        .compose(
            found ->
                found.isPresent()
                    ? catalog.layout(schedule)
                    : Future.failedFuture(ScheduleInPath.unknown()))
        .map(layout -> chosen(schedule, selection, layout));
  }

  private static HouseSeats.Chosen chosen(
      ScheduleId schedule, SeatSelection selection, Layout layout) {
    SeatSelection.Resolved resolved = selection.on(layout);
    if (resolved instanceof SeatSelection.Unknown unknown) {
      throw malformed("No such seats: " + unknown.what() + ".");
    }
    List<Integer> indexes = ((SeatSelection.Found) resolved).indexes();
    return new HouseSeats.Chosen(
        schedule, layout.version(), indexes, SelectionBody.json(selection));
  }

  private static Answer done(ScheduleId schedule, HouseReply reply) {
    if (reply instanceof HouseReply.Done done) {
      JsonObject body =
          new JsonObject()
              .put("scheduleId", schedule.toString())
              .put("seats", done.seats())
              .put("changed", done.changed());
      return IdempotencyKeys.marked(Answer.ok(body), done.replayed());
    }
    throw refusal(reply);
  }

  private Future<Answer> endHold(Call call) {
    SeatId seat = SeatAdminRoutes.seatInPath(call).orElseThrow(HouseSeatRoutes::noSuchHold);
    return house
        .endHold(seat, Caller.actor(call))
        .map(
            reply -> {
              if (reply instanceof HouseReply.HoldEnded ended) {
                return IdempotencyKeys.marked(Answer.noContent(), ended.replayed());
              }
              throw refusal(reply);
            });
  }

  private static ProblemException refusal(HouseReply reply) {
    if (reply instanceof HouseReply.KeyRefused refused) {
      return IdempotencyKeys.refused(refused.reason());
    } else if (reply instanceof HouseReply.Taken taken) {
      JsonArray ids = new JsonArray();
      taken.seats().forEach(seat -> ids.add(seat.toString()));
      String detail =
          "Nothing was blocked: of these seats %d are held and %d are sold."
              .formatted(taken.held(), taken.sold());
      return Problem.of(ProblemCode.SEAT_TAKEN, detail).with("seatIds", ids).exception();
    }
    return switch (((HouseReply.Refused) reply).reason()) {
      case UNKNOWN_SCHEDULE -> ScheduleInPath.unknown();
      case CANCELLED -> Problem.of(ProblemCode.NOT_ON_SALE, "The date is cancelled.").exception();
      case OTHER_PLAN ->
          Problem.of(ProblemCode.UNAVAILABLE, "The date's plan has just been replaced.")
              .exception();
      case NO_HOLD -> noSuchHold();
    };
  }

  private static ProblemException noSuchHold() {
    return Problem.of(ProblemCode.NOT_FOUND, "The seat has no standing hold.").exception();
  }
}
