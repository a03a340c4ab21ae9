package io.concert.http.catalog;

import static io.concert.http.web.JsonBody.malformed;

import io.concert.bus.Bus;
import io.concert.catalog.CatalogAdmin;
import io.concert.catalog.NewSchedule;
import io.concert.catalog.ScheduleChange;
import io.concert.catalog.ScheduleChange.Time;
import io.concert.catalog.ScheduleTimes;
import io.concert.domain.ConcertId;
import io.concert.domain.ScheduleId;
import io.concert.http.access.Caller;
import io.concert.http.web.Access;
import io.concert.http.web.Answer;
import io.concert.http.web.Call;
import io.concert.http.web.Endpoint;
import io.concert.http.web.Endpoint.BodyRule;
import io.concert.http.web.JsonFields;
import io.concert.http.web.ScheduleInPath;
import io.concert.http.web.Times;
import io.concert.payment.PaymentMessages;
import io.concert.payment.PaymentMessages.RefundCancelled;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Dates: making them, giving them seats, their sale. For operators. */
public final class ScheduleAdminRoutes {
  private static final Logger log = LoggerFactory.getLogger(ScheduleAdminRoutes.class);
  private static final int LONGEST = 200;

  private final CatalogAdmin admin;
  private final Bus bus;
  private final LayoutImport layouts;

  public ScheduleAdminRoutes(CatalogAdmin admin, Bus bus, LayoutImport layouts) {
    this.admin = admin;
    this.bus = bus;
    this.layouts = layouts;
  }

  public List<Endpoint> endpoints() {
    String schedules = "/api/v1/admin/schedules";
    String schedule = schedules + "/{id}";
    return List.of(
        Endpoint.post(schedules, Access.OPERATOR, BodyRule.JSON, this::createSchedule),
        Endpoint.patch(schedule, Access.OPERATOR, BodyRule.JSON, this::changeTimes),
        Endpoint.put(schedule + "/layout", Access.OPERATOR, BodyRule.LAYOUT, this::putLayout),
        Endpoint.post(
            "/api/v1/admin/layouts/preview", Access.OPERATOR, BodyRule.LAYOUT, layouts::preview),
        Endpoint.post(
            schedule + "/open", Access.OPERATOR, BodyRule.NONE, call -> switchSale(call, true)),
        Endpoint.post(
            schedule + "/close", Access.OPERATOR, BodyRule.NONE, call -> switchSale(call, false)),
        Endpoint.post(schedule + "/cancel", Access.OPERATOR, BodyRule.NONE, this::cancel));
  }

  private Future<Answer> createSchedule(Call call) {
    JsonFields fields = call.fields();
    ConcertId concert =
        ConcertId.parse(fields.text("concertId", LONGEST))
            .orElseThrow(() -> malformed("No such concert."));
    var startsAt = fields.time("startsAt");
    var opensAt = fields.optionalTime("opensAt");
    var closesAt = fields.optionalTime("closesAt");
    var refundUntil = fields.optionalTime("refundUntil");
    fields.end();
    return admin
        .createSchedule(
            new NewSchedule(concert, new ScheduleTimes(startsAt, opensAt, closesAt, refundUntil)),
            Caller.actor(call))
        .map(CatalogVerdicts::made);
  }

  private Future<Answer> putLayout(Call call) {
    ScheduleId id = ScheduleInPath.id(call);
    return layouts
        .read(call)
        .compose(
            layout ->
                layouts
                    .offLoop(() -> Caller.actor(call)) // Its key stands for all that was sent.
                    .compose(actor -> admin.putLayout(id, layout, actor)))
        .map(
            reply -> {
              var put = CatalogVerdicts.inPath(reply);
              JsonObject body =
                  new JsonObject()
                      .put("scheduleId", id.toString())
                      .put("seats", put.seats())
                      .put("version", put.version());
              return CatalogVerdicts.marked(Answer.ok(body), reply);
            });
  }

  private Future<Answer> switchSale(Call call, boolean open) {
    ScheduleId id = ScheduleInPath.id(call);
    return admin
        .setSaleState(id, open, Caller.actor(call))
        .map(
            reply -> {
              JsonObject body =
                  new JsonObject()
                      .put("scheduleId", id.toString())
                      .put("sale", CatalogVerdicts.inPath(reply).name());
              return CatalogVerdicts.marked(Answer.ok(body), reply);
            });
  }

  private Future<Answer> changeTimes(Call call) {
    JsonFields fields = call.fields();
    Map<Time, Optional<Instant>> times = new EnumMap<>(Time.class);
    take(fields, "startsAt", Time.STARTS_AT, times);
    take(fields, "opensAt", Time.OPENS_AT, times);
    take(fields, "closesAt", Time.CLOSES_AT, times);
    take(fields, "refundUntil", Time.REFUND_UNTIL, times);
    fields.end();
    if (times.getOrDefault(Time.STARTS_AT, Optional.of(Instant.EPOCH)).isEmpty()) {
      throw malformed("`startsAt` can't be taken away.");
    }
    if (times.isEmpty()) {
      throw malformed("Nothing to change.");
    }
    ScheduleId id = ScheduleInPath.id(call);
    return admin
        .changeTimes(id, new ScheduleChange(times), Caller.actor(call))
        .map(
            reply ->
                CatalogVerdicts.marked(Answer.ok(body(id, CatalogVerdicts.inPath(reply))), reply));
  }

  /** Here, unlike elsewhere, null isn't as if absent: it takes the time away. */
  private static void take(
      JsonFields fields, String name, Time time, Map<Time, Optional<Instant>> times) {
    if (fields.has(name)) {
      times.put(time, fields.optionalTime(name));
    }
  }

  private static JsonObject body(ScheduleId id, ScheduleTimes times) {
    return new JsonObject()
        .put("scheduleId", id.toString())
        .put("startsAt", Times.text(times.startsAt()))
        .put("opensAt", times.opensAt().map(Times::text).orElse(null))
        .put("closesAt", times.closesAt().map(Times::text).orElse(null))
        .put("refundUntil", times.refundUntil().map(Times::text).orElse(null));
  }

  /** The date is off from here on; how far the refunds are is only told. */
  private Future<Answer> cancel(Call call) {
    ScheduleId id = ScheduleInPath.id(call);
    return admin
        .cancel(id, Caller.actor(call))
        .compose(
            reply -> {
              JsonObject body =
                  new JsonObject()
                      .put("scheduleId", id.toString())
                      .put("sale", CatalogVerdicts.inPath(reply).name());
              return billsToRefund(id)
                  .map(bills -> Answer.ok(body.put("billsToRefund", bills.orElse(null))))
                  .map(answer -> CatalogVerdicts.marked(answer, reply));
            });
  }

  /**
   * Empty if it can't be said now: they are refunded anyway, and nothing of the cancelling fails.
   */
  private Future<Optional<Long>> billsToRefund(ScheduleId id) {
    return bus.request(PaymentMessages.REFUND_CANCELLED, new RefundCancelled(id))
        .map(remaining -> Optional.of(remaining.bills()))
        .onFailure(failure -> log.warn("refunds of {} begin later: {}", id, failure.getMessage()))
        .otherwise(Optional.empty());
  }
}
