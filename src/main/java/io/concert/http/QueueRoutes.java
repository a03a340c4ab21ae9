package io.concert.http;

import static io.concert.http.JsonBody.malformed;

import io.concert.bus.Bus;
import io.concert.catalog.Catalog;
import io.concert.domain.ConcertId;
import io.concert.domain.RoomId;
import io.concert.domain.UserId;
import io.concert.domain.UserUuid;
import io.concert.http.Endpoint.BodyRule;
import io.concert.queue.QueueMessages;
import io.concert.queue.QueueMessages.Enter;
import io.concert.queue.QueueMessages.Placement;
import io.concert.queue.QueueMessages.Poll;
import io.concert.user.Token;
import io.concert.user.Tokens;
import io.concert.user.Users;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Entering a waiting room and asking for one's place in it. */
final class QueueRoutes {
  private final Bus bus;
  private final Catalog catalog;
  private final Users users;
  private final Tokens tokens;
  private final Authenticator authenticator;
  private final InstantSource time;

  QueueRoutes(
      Bus bus,
      Catalog catalog,
      Users users,
      Tokens tokens,
      Authenticator authenticator,
      InstantSource time) {
    this.bus = bus;
    this.catalog = catalog;
    this.users = users;
    this.tokens = tokens;
    this.authenticator = authenticator;
    this.time = time;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.post("/api/v1/users/queueEntity", BodyRule.SEED_JSON, this::enterOrPoll));
  }

  private Future<Answer> enterOrPoll(Call call) {
    Optional<Token> token = authenticator.token(call);
    QueueRequest asked = QueueRequest.read(call.body());
    Future<UserId> caller = caller(call, token, asked.uuid());
    if (token.orElse(null) instanceof Token.Queue place) {
      return caller
          .compose(user -> room(asked.concertId(), place.room()))
          .compose(room -> poll(call, place, room));
    }
    return caller.compose(
        user ->
            room(asked.concertId(), RoomId.DEFAULT)
                .compose(
                    room ->
                        bus.request(QueueMessages.ENTER, new Enter(room, user))
                            .map(placed -> entered(user, room, placed))));
  }

  /** The token's subject, or the guest whose UUID was sent; if both were, they must be the same. */
  private Future<UserId> caller(Call call, Optional<Token> token, Optional<UserUuid> uuid) {
    if (uuid.isEmpty()) {
      return Future.succeededFuture(
          token.map(Token::user).orElseThrow(() -> malformed("`uuid` is missing.")));
    }
    return users
        .find(uuid.get())
        .map(
            found ->
                found
                    .filter(
                        user ->
                            token
                                .map(known -> known.user().equals(user.number()))
                                .orElse(!user.isProtected()))
                    .orElseThrow(
                        () ->
                            Authenticator.unauthorized(
                                "This `uuid` is unknown, protected, or not the token's."))
                    .number())
        .onSuccess(number -> call.caller("user " + number.number()));
  }

  /** 400 for a concert that doesn't exist. */
  private Future<RoomId> room(Optional<String> concertId, RoomId otherwise) {
    if (concertId.isEmpty()) {
      return Future.succeededFuture(otherwise);
    }
    ConcertId id =
        ConcertId.parse(concertId.get()).orElseThrow(() -> malformed("No such `concertId`."));
    return catalog
        .concert(id)
        .map(found -> found.orElseThrow(() -> malformed("No such `concertId`.")).room());
  }

  private Future<Answer> poll(Call call, Token.Queue place, RoomId room) {
    if (!room.equals(place.room())) {
      throw malformed("`concertId` belongs to another waiting room than the token's.");
    }
    String jwt = authenticator.bearer(call).orElseThrow();
    return bus.request(
            QueueMessages.POLL, new Poll(room, place.user(), place.place(), place.arrivalMillis()))
        .map(placed -> Answer.json(202, body(jwt, room, placed)));
  }

  private Answer entered(UserId user, RoomId room, Placement placed) {
    String jwt = tokens.queue(new Token.Queue(user, room, placed.place(), placed.arrivalMillis()));
    return Answer.json(placed.created() ? 201 : 202, body(jwt, room, placed));
  }

  private JsonObject body(String jwt, RoomId room, Placement placed) {
    return new JsonObject()
        .put("jwt", jwt)
        .put("waitingUserNum", placed.number())
        .put("state", placed.state().name())
        .put("room", room.name())
        .putNull("estimatedWaitSeconds")
        .put("pollAfterMillis", placed.pollAfter().toMillis())
        .put("sessionExpiresAt", placed.sessionExpiresAt().map(Times::text).orElse(null))
        .put("serverTime", Times.text(time.instant()));
  }
}
