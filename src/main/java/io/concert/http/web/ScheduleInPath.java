package io.concert.http.web;

import io.concert.catalog.Catalog;
import io.concert.catalog.Schedule;
import io.concert.domain.ScheduleId;
import io.vertx.core.Future;

/** The date that a path with {@code /schedules/{id}} names; 404 for one that there isn't. */
public final class ScheduleInPath {
  private ScheduleInPath() {}

  /** Throws for what can't be the id of a date. */
  public static ScheduleId id(Call call) {
    return ScheduleId.parse(call.path("id")).orElseThrow(ScheduleInPath::unknown);
  }

  public static Future<Schedule> find(Call call, Catalog catalog) {
    return catalog.schedule(id(call)).map(found -> found.orElseThrow(ScheduleInPath::unknown));
  }

  public static ProblemException unknown() {
    return Problem.of(ProblemCode.NOT_FOUND, "No such schedule.").exception();
  }
}
