package io.concert.http.queue;

import io.concert.domain.Place;
import io.concert.domain.RoomId;
import io.concert.http.web.Access;
import io.concert.http.web.Answer;
import io.concert.http.web.Call;
import io.concert.http.web.Endpoint;
import io.concert.http.web.PageRequest;
import io.concert.http.web.Problem;
import io.concert.http.web.ProblemCode;
import io.concert.http.web.ProblemException;
import io.concert.http.web.Times;
import io.concert.queue.api.Draw;
import io.concert.queue.api.DrawResult;
import io.concert.queue.api.RoomSettings;
import io.concert.queue.store.RoomMessages;
import io.concert.queue.view.RoomViews;
import io.concert.queue.view.RoomViews.RoomStatus;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** How waiting rooms are and how their orders were drawn, for everyone to see. */
public final class RoomRoutes {
  private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,8}");

  private final RoomViews views;
  private final DrawCache drawCache;
  private final RoomMessages messages;
  private final InstantSource time;

  public RoomRoutes(
      RoomViews views, DrawCache drawCache, RoomMessages messages, InstantSource time) {
    this.views = views;
    this.messages = messages;
    this.drawCache = drawCache;
    this.time = time;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/api/v1/rooms/{id}", Access.PUBLIC, this::room),
        Endpoint.get("/api/v1/rooms/{id}/draws/{number}", Access.PUBLIC, this::draw));
  }

  private Future<Answer> room(Call call) {
    RoomId id = roomInPath(call);
    return status(id).map(status -> Answer.ok(body(id, status)));
  }

  static RoomId roomInPath(Call call) {
    return RoomId.parse(call.path("id")).orElseThrow(RoomRoutes::noSuchRoom);
  }

  static ProblemException noSuchRoom() {
    return Problem.of(ProblemCode.NOT_FOUND, "No such room.").exception();
  }

  private Future<RoomStatus> status(RoomId id) {
    return views.status(id).map(found -> found.orElseThrow(RoomRoutes::noSuchRoom));
  }

  private JsonObject body(RoomId id, RoomStatus status) {
    RoomSettings settings = status.settings();
    return new JsonObject()
        .put("id", id.name())
        .put("state", state(status))
        .put("opensAt", settings.opensAt().map(Times::text).orElse(null))
        .put("waiting", status.waiting())
        .put("active", status.active())
        .put("capacity", settings.capacity())
        .put("paused", settings.paused())
        .put("admitPerSecond", settings.admitPerSecond())
        .put("sessionSeconds", settings.session().toSeconds())
        .put("minimumBalance", settings.minimumBalance().amount())
        .put("message", messages.of(id).orElse(null))
        .put("draw", RoomBody.ahead(status.ahead()).orElse(null))
        .put("draws", RoomBody.draws(status.draws()))
        .put("serverTime", Times.text(time.instant()));
  }

  /** As the people in it hear it. */
  public static String state(RoomStatus status) {
    if (status.ahead().isPresent()) {
      return "NOT_OPEN";
    }
    return status.settings().paused() ? "PAUSED" : "OPEN";
  }

  private Future<Answer> draw(Call call) {
    RoomId id = roomInPath(call);
    String number = call.path("number");
    PageRequest page = PageRequest.of(call);
    int after = page.numberedCursor(NUMBER).orElse(0L).intValue();
    return status(id)
        .compose(status -> drawCache.of(numbered(status.draws(), number)))
        .map(
            draw -> {
              List<Integer> positions =
                  IntStream.range(after, Math.min(draw.size(), after + page.limit() + 1))
                      .boxed()
                      .toList();
              return Answer.ok(
                  page.answer(
                      positions,
                      position -> position(draw, position),
                      position -> Integer.toString(position + 1)));
            });
  }

  private static DrawResult numbered(List<DrawResult> draws, String number) {
    return draws.stream()
        .filter(draw -> Integer.toString(draw.number()).equals(number))
        .findFirst()
        .orElseThrow(() -> Problem.of(ProblemCode.NOT_FOUND, "No such draw.").exception());
  }

  private static JsonObject position(Draw draw, int index) {
    Place place = draw.placeAt(index);
    return new JsonObject()
        .put("position", index + 1)
        .put("place", place.epoch() + "-" + place.sequence());
  }
}
