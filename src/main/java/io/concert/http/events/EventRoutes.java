package io.concert.http.events;

import io.concert.events.api.Event;
import io.concert.events.api.EventCursor;
import io.concert.events.store.EventLog;
import io.concert.http.web.Access;
import io.concert.http.web.Answer;
import io.concert.http.web.Call;
import io.concert.http.web.Endpoint;
import io.concert.http.web.PageRequest;
import io.concert.http.web.Problem;
import io.concert.http.web.ProblemCode;
import io.vertx.core.Future;
import java.util.List;

/** What has happened, oldest first, for programs that ask again and again. */
public final class EventRoutes {
  private final EventLog log;

  public EventRoutes(EventLog log) {
    this.log = log;
  }

  public List<Endpoint> endpoints() {
    return List.of(Endpoint.get("/api/v1/admin/events", Access.VIEWER, this::list));
  }

  private Future<Answer> list(Call call) {
    PageRequest page = PageRequest.of(call);
    return log.read(cursor(page), page.limit() + 1)
        .map(
            found ->
                found.orElseThrow(
                    () ->
                        Problem.of(
                                ProblemCode.NOT_FOUND,
                                "Events after that one have been deleted; begin again without"
                                    + " `after`.")
                            .withStatus(410)
                            .exception()))
        .map(
            events ->
                Answer.ok(page.answer(events, Event::json, event -> event.cursor().toString())));
  }

  /** The one that a page begins after. */
  static EventCursor cursor(PageRequest page) {
    return page.cursor(EventCursor::parse, "`after` must be the id of an event.")
        .orElse(EventCursor.START);
  }
}
