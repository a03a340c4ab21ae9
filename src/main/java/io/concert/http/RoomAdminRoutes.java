package io.concert.http;

import static io.concert.http.JsonBody.malformed;

import io.concert.bus.Bus;
import io.concert.domain.RoomId;
import io.concert.http.Endpoint.BodyRule;
import io.concert.queue.QueueMessages;
import io.concert.queue.QueueMessages.SettingsChanged;
import io.concert.queue.RoomSettings;
import io.concert.queue.Rooms;
import io.concert.queue.Rooms.Room;
import io.concert.user.Operator.Role;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Comparator;
import java.util.List;

/** Waiting rooms' settings. For operators. */
final class RoomAdminRoutes {
  private final Rooms rooms;
  private final Bus bus;
  private final Authenticator authenticator;

  RoomAdminRoutes(Rooms rooms, Bus bus, Authenticator authenticator) {
    this.rooms = rooms;
    this.bus = bus;
    this.authenticator = authenticator;
  }

  List<Endpoint> endpoints() {
    String room = "/api/v1/admin/rooms/{id}";
    return List.of(
        Endpoint.get("/api/v1/admin/rooms", this::list),
        Endpoint.get(room, this::get),
        Endpoint.put(room, BodyRule.JSON, this::put)
            .guardedBy(call -> authenticator.requireOperator(call, Role.OPERATOR)));
  }

  private Future<Answer> list(Call call) {
    authenticator.requireOperator(call, Role.VIEWER);
    Page page = Page.of(call);
    return rooms
        .all()
        .map(
            all ->
                all.stream()
                    .sorted(Comparator.comparing(room -> room.id().name()))
                    .filter(room -> room.id().name().compareTo(page.after()) > 0)
                    .limit(page.limit() + 1L)
                    .toList())
        .map(
            found ->
                Answer.ok(page.answer(found, RoomAdminRoutes::body, room -> room.id().name())));
  }

  private Future<Answer> get(Call call) {
    authenticator.requireOperator(call, Role.VIEWER);
    return rooms
        .find(RoomRoutes.roomInPath(call))
        .map(found -> Answer.ok(body(found.orElseThrow(RoomRoutes::noSuchRoom))));
  }

  private Future<Answer> put(Call call) {
    RoomId id =
        RoomId.parse(call.path("id"))
            .orElseThrow(() -> malformed("A room's id is 1 to 63 of a-z, 0-9 and dash."));
    RoomSettings settings = RoomBody.read(call.fields());
    return rooms
        .put(id, settings, authenticator.actor(call, Role.OPERATOR))
        .compose(room -> tell(id).map(Answer.ok(body(room))));
  }

  /** The room reads its row now and then anyway: that it wasn't told is no failure. */
  private Future<Void> tell(RoomId id) {
    return bus.request(QueueMessages.SETTINGS_CHANGED, new SettingsChanged(id))
        .transform(told -> Future.succeededFuture());
  }

  private static JsonObject body(Room room) {
    return new JsonObject()
        .put("id", room.id().name())
        .mergeIn(RoomBody.settings(room.settings()))
        .put("draw", RoomBody.ahead(room.ahead()).orElse(null))
        .put("draws", RoomBody.draws(room.draws()));
  }
}
