package io.concert.http.queue;

import static io.concert.http.web.JsonBody.malformed;

import io.concert.domain.RoomId;
import io.concert.http.access.Authenticator;
import io.concert.http.web.Answer;
import io.concert.http.web.Call;
import io.concert.http.web.Endpoint;
import io.concert.http.web.Endpoint.BodyRule;
import io.concert.http.web.JsonFields;
import io.concert.queue.store.RoomMessages;
import io.concert.user.Operator.Role;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/** What those who wait are told. For operators. */
public final class RoomMessageRoutes {
  private final RoomMessages messages;
  private final Authenticator authenticator;

  public RoomMessageRoutes(RoomMessages messages, Authenticator authenticator) {
    this.messages = messages;
    this.authenticator = authenticator;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.put("/api/v1/admin/rooms/{id}/message", BodyRule.JSON, this::put)
            .guardedBy(call -> authenticator.requireOperator(call, Role.OPERATOR)));
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
        .put(room, text, authenticator.actor(call, Role.OPERATOR))
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
