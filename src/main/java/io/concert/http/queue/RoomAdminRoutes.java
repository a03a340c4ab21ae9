package io.concert.http.queue;

import static io.concert.http.web.JsonBody.malformed;

import io.concert.bus.Bus;
import io.concert.domain.RoomId;
import io.concert.http.access.Caller;
import io.concert.http.access.IdempotencyKeys;
import io.concert.http.web.Access;
import io.concert.http.web.Answer;
import io.concert.http.web.Call;
import io.concert.http.web.Endpoint;
import io.concert.http.web.Endpoint.BodyRule;
import io.concert.http.web.PageRequest;
import io.concert.queue.api.QueueMessages;
import io.concert.queue.api.QueueMessages.SettingsChanged;
import io.concert.queue.api.RoomChange;
import io.concert.queue.api.RoomSettings;
import io.concert.queue.store.Rooms;
import io.concert.queue.store.Rooms.ChangeReply;
import io.concert.queue.store.Rooms.FirstActionTooLong;
import io.concert.queue.store.Rooms.KeyRefused;
import io.concert.queue.store.Rooms.NoSuchRoom;
import io.concert.queue.store.Rooms.Put;
import io.concert.queue.store.Rooms.Room;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Comparator;
import java.util.List;

/** Waiting rooms' settings. For operators. */
public final class RoomAdminRoutes {
  private final Rooms rooms;
  private final Bus bus;

  public RoomAdminRoutes(Rooms rooms, Bus bus) {
    this.rooms = rooms;
    this.bus = bus;
  }

  public List<Endpoint> endpoints() {
    String room = "/api/v1/admin/rooms/{id}";
    return List.of(
        Endpoint.get("/api/v1/admin/rooms", Access.VIEWER, this::list),
        Endpoint.get(room, Access.VIEWER, this::get),
        Endpoint.put(room, Access.OPERATOR, BodyRule.JSON, this::put),
        Endpoint.patch(room, Access.OPERATOR, BodyRule.JSON, this::patch));
  }

  private Future<Answer> list(Call call) {
    PageRequest page = PageRequest.of(call);
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
        .put(id, settings, Caller.actor(call))
        .compose(reply -> tell(id).map(told -> answer(reply)));
  }

  private Future<Answer> patch(Call call) {
    RoomChange change = RoomBody.readChange(call.fields());
    RoomId id = RoomRoutes.roomInPath(call);
    return rooms
        .change(id, change, Caller.actor(call))
        .compose(
            reply -> {
              Answer answer = answer(reply);
              return tell(id).map(answer);
            });
  }

  private static Answer answer(ChangeReply reply) {
    if (reply instanceof KeyRefused refused) {
      throw IdempotencyKeys.refused(refused.reason());
    }
    if (reply instanceof NoSuchRoom) {
      throw RoomRoutes.noSuchRoom();
    }
    if (reply instanceof FirstActionTooLong) {
      throw malformed("`firstActionSeconds` would be more than `sessionSeconds`: name both.");
    }
    Put put = (Put) reply;
    return IdempotencyKeys.marked(Answer.ok(body(put.room())), put.replayed());
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
