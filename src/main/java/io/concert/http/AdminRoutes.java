package io.concert.http;

import static io.concert.http.JsonBody.malformed;

import io.concert.catalog.CatalogAdmin;
import io.concert.catalog.CatalogAdmin.Done;
import io.concert.catalog.CatalogAdmin.Refusal;
import io.concert.catalog.CatalogAdmin.Refused;
import io.concert.catalog.CatalogAdmin.Reply;
import io.concert.catalog.NewConcert;
import io.concert.catalog.NewSchedule;
import io.concert.domain.Actor;
import io.concert.domain.ConcertId;
import io.concert.domain.RoomId;
import io.concert.domain.ScheduleId;
import io.concert.http.Endpoint.BodyRule;
import io.concert.user.Operator.Role;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;

/** Making what is on sale. For operators. */
final class AdminRoutes {
  private static final int LONGEST = 200;

  private final CatalogAdmin admin;
  private final Authenticator authenticator;
  private final LayoutImport layouts;
  private final int holdLimit;

  AdminRoutes(
      CatalogAdmin admin, Authenticator authenticator, LayoutImport layouts, int holdLimit) {
    this.admin = admin;
    this.authenticator = authenticator;
    this.layouts = layouts;
    this.holdLimit = holdLimit;
  }

  List<Endpoint> endpoints() {
    String schedule = "/api/v1/admin/schedules/{id}";
    return List.of(
        Endpoint.post("/api/v1/admin/concerts", BodyRule.JSON, this::createConcert)
            .guardedBy(this::requireOperator),
        Endpoint.post("/api/v1/admin/schedules", BodyRule.JSON, this::createSchedule)
            .guardedBy(this::requireOperator),
        Endpoint.put(schedule + "/layout", BodyRule.LAYOUT, this::putLayout)
            .guardedBy(this::requireOperator),
        Endpoint.post(schedule + "/open", BodyRule.NONE, call -> switchSale(call, true))
            .guardedBy(this::requireOperator),
        Endpoint.post(schedule + "/close", BodyRule.NONE, call -> switchSale(call, false))
            .guardedBy(this::requireOperator));
  }

  private void requireOperator(Call call) {
    authenticator.requireOperator(call, Role.OPERATOR);
  }

  private Actor actor(Call call) {
    return authenticator.actor(call, Role.OPERATOR);
  }

  private Future<Answer> createConcert(Call call) {
    Fields fields = call.fields();
    String title = filled(fields, "title");
    String venue = filled(fields, "venue");
    RoomId room =
        RoomId.parse(fields.optionalText("room", LONGEST).orElse(RoomId.DEFAULT.name()))
            .orElseThrow(() -> malformed("No such `room`."));
    ZoneId zone = zone(fields.optionalText("timeZone", LONGEST).orElse("Asia/Seoul"));
    long limit = fields.optionalWhole("holdLimit").orElse(holdLimit);
    fields.end();
    if (limit < 1 || limit > 1000) {
      throw malformed("`holdLimit` must be 1 to 1000.");
    }
    NewConcert concert = new NewConcert(title, venue, room, zone, (int) limit);
    return admin
        .createConcert(concert, actor(call))
        .map(reply -> Answer.json(201, new JsonObject().put("id", inBody(reply).toString())));
  }

  private static String filled(Fields fields, String name) {
    String text = fields.text(name, LONGEST);
    if (text.isBlank()) {
      throw malformed("`" + name + "` is empty.");
    }
    return text;
  }

  private static ZoneId zone(String text) {
    try {
      return ZoneId.of(text);
    } catch (DateTimeException e) {
      throw malformed("`timeZone` must be a name like Asia/Seoul.");
    }
  }

  private Future<Answer> createSchedule(Call call) {
    Fields fields = call.fields();
    ConcertId concert =
        ConcertId.parse(fields.text("concertId", LONGEST))
            .orElseThrow(() -> malformed("No such concert."));
    var startsAt = fields.time("startsAt");
    var opensAt = fields.optionalTime("opensAt");
    var closesAt = fields.optionalTime("closesAt");
    fields.end();
    if (opensAt.isPresent() && closesAt.isPresent() && !opensAt.get().isBefore(closesAt.get())) {
      throw malformed("`closesAt` must be after `opensAt`.");
    }
    return admin
        .createSchedule(new NewSchedule(concert, startsAt, opensAt, closesAt), actor(call))
        .map(reply -> Answer.json(201, new JsonObject().put("id", inBody(reply).toString())));
  }

  private Future<Answer> putLayout(Call call) {
    ScheduleId id = scheduleInPath(call);
    return layouts
        .read(call)
        .compose(layout -> admin.putLayout(id, layout, actor(call)))
        .map(reply -> inPath(reply))
        .map(
            put ->
                Answer.ok(
                    new JsonObject()
                        .put("scheduleId", id.toString())
                        .put("seats", put.seats())
                        .put("version", put.version())));
  }

  private Future<Answer> switchSale(Call call, boolean open) {
    ScheduleId id = scheduleInPath(call);
    return admin
        .setSaleState(id, open, actor(call))
        .map(
            reply ->
                Answer.ok(
                    new JsonObject()
                        .put("scheduleId", id.toString())
                        .put("sale", inPath(reply).name())));
  }

  private static ScheduleId scheduleInPath(Call call) {
    return ScheduleId.parse(call.path("id"))
        .orElseThrow(() -> Problem.of(ProblemCode.NOT_FOUND, "No such schedule.").exception());
  }

  /** An unknown thing that a body names is the body's mistake. */
  private static <T> T inBody(Reply<T> reply) {
    return done(reply, ProblemCode.MALFORMED);
  }

  private static <T> T inPath(Reply<T> reply) {
    return done(reply, ProblemCode.NOT_FOUND);
  }

  private static <T> T done(Reply<T> reply, ProblemCode unknown) {
    if (reply instanceof Done<T> done) {
      return done.value();
    }
    throw problem(((Refused<T>) reply).reason(), unknown).exception();
  }

  private static Problem problem(Refusal reason, ProblemCode unknown) {
    return switch (reason) {
      case UNKNOWN_ROOM -> Problem.of(unknown, "No such room.");
      case UNKNOWN_CONCERT -> Problem.of(unknown, "No such concert.");
      case UNKNOWN_SCHEDULE -> Problem.of(unknown, "No such schedule.");
      case CANCELLED -> Problem.of(ProblemCode.NOT_ON_SALE, "The date is cancelled.");
      case HAS_HOLDS -> Problem.of(ProblemCode.SEAT_TAKEN, "Seats of it were held already.");
      case HAS_BILLS -> Problem.of(ProblemCode.SEAT_TAKEN, "Seats of it were sold already.");
    };
  }
}
