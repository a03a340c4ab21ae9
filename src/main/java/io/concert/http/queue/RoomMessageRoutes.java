package io.concert.http.queue;

import static io.concert.http.web.JsonBody.malformed;

import io.concert.domain.RoomId;
import io.concert.http.access.Caller;
import io.concert.http.web.Access;
import io.concert.http.web.Answer;
import io.concert.http.web.Call;
import io.concert.http.web.Endpoint;
import io.concert.http.web.Endpoint.BodyRule;
import io.concert.http.web.JsonFields;
import io.concert.queue.store.RoomMessages;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/** What those who wait are told. For operators. */
public final class RoomMessageRoutes {
  private final RoomMessages messages;

  public RoomMessageRoutes(RoomMessages messages) {
    this.messages = messages;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.put(
            "/api/v1/admin/rooms/{id}/message", Access.OPERATOR, BodyRule.JSON, this::put));
  }

  private Future<Answer> put(Call call) {
    RoomId room = RoomRoutes.roomInPath(call);
    JsonFields fields = call.fields();
    Optional<String> text = fields.optionalText("text", RoomMessages.LONGEST);
    fields.end();
    if (text.map(String::isBlank).orElse(false)) {
      throw malformed("`text` must say something; leave it out to take the message away.");
    }
    return messages
        .put(room, text, Caller.actor(call))
        .map(
            put -> {
              if (!put) {
                throw RoomRoutes.noSuchRoom();
              }
              return Answer.ok(
                  new JsonObject().put("id", room.name()).put("message", text.orElse(null)));
            });
  }
}
