package io.concert.http.queue;

import static io.concert.http.web.JsonBody.malformed;

import io.concert.bus.Bus;
import io.concert.catalog.Catalog;
import io.concert.customer.Bans;
import io.concert.domain.ConcertId;
import io.concert.domain.RoomId;
import io.concert.domain.UserId;
import io.concert.domain.UserUuid;
import io.concert.http.access.Authenticator;
import io.concert.http.access.Caller;
import io.concert.http.access.Caller.Signed;
import io.concert.http.access.RateLimits;
import io.concert.http.web.Access;
import io.concert.http.web.Answer;
import io.concert.http.web.Call;
import io.concert.http.web.Endpoint;
import io.concert.http.web.Endpoint.BodyRule;
import io.concert.http.web.EventSource;
import io.concert.queue.api.QueueMessages;
import io.concert.queue.api.QueueMessages.HasSession;
import io.concert.queue.api.QueueMessages.Leave;
import io.concert.queue.api.QueueMessages.Placement;
import io.concert.queue.api.QueueMessages.Poll;
import io.concert.queue.view.RoomViews;
import io.concert.reservation.api.ReservationMessages;
import io.concert.reservation.api.ReservationMessages.EndSession;
import io.concert.user.Token;
import io.concert.user.Tokens;
import io.concert.user.Users;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Entering a waiting room, asking for one's place in it, following it and leaving. */
public final class QueueRoutes {
  private final Vertx vertx;
  private final Bus bus;
  private final RoomViews views;
  private final JoinService joinService;
  private final Catalog catalog;
  private final Users users;
  private final Tokens tokens;
  private final RateLimits limits;
  private final Bans bans;
  private final InstantSource time;

  public QueueRoutes(
      Vertx vertx,
      Bus bus,
      RoomViews views,
      JoinService joinService,
      Catalog catalog,
      Users users,
      Tokens tokens,
      RateLimits limits,
      Bans bans,
      InstantSource time) {
    this.vertx = vertx;
    this.bus = bus;
    this.views = views;
    this.joinService = joinService;
    this.catalog = catalog;
    this.users = users;
    this.tokens = tokens;
    this.limits = limits;
    this.bans = bans;
    this.time = time;
  }

  public List<Endpoint> endpoints() {
    String path = "/api/v1/users/queueEntity";
    return List.of(
        Endpoint.post(path, Access.TOKEN_OR_UUID, BodyRule.SEED_JSON, this::enterOrPoll),
        Endpoint.delete(path, Access.QUEUE_TOKEN, this::leave),
        Endpoint.get(path + "/events", Access.QUEUE_TOKEN, this::follow));
  }

  private Future<Answer> enterOrPoll(Call call) {
    Optional<Signed> signed = Caller.signedIfSent(call);
    if (signed.isPresent() && signed.get().token() instanceof Token.Queue place) {
      return poll(call, place, signed.get());
    }
    QueueRequest asked = QueueRequest.read(call.body());
    return caller(call, signed.map(Signed::token), asked.uuid())
        .compose(
            user ->
                room(asked.concertId(), RoomId.DEFAULT).compose(room -> enter(call, room, user)));
  }

  /** Nothing is asked as often; nearly always the token says it all. */
  private Future<Answer> poll(Call call, Token.Queue place, Signed signed) {
    QueueRequest asked = QueueRequest.read(call.body());
    if (asked.equals(QueueRequest.NOTHING)) {
      return poll(place, signed.jwt());
    }
    return caller(call, Optional.of(place), asked.uuid())
        .compose(user -> room(asked.concertId(), place.room()))
        .compose(
            room -> {
              if (!room.equals(place.room())) {
                throw malformed("`concertId` belongs to another waiting room than the token's.");
              }
              return poll(place, signed.jwt());
            });
  }

  private void requireNotBanned(UserId user) {
    if (bans.has(user)) {
      throw AdmissionGuard.banned();
    }
  }

  /** A banned user isn't present either, so the turn passes over the place. */
  private Future<Answer> poll(Token.Queue place, String jwt) {
    requireNotBanned(place.user());
    return views
        .poll(new Poll(place.room(), place.user(), place.place(), place.arrivalMillis()))
        .map(
            placed -> {
              Token.Queue now = place.movedTo(placed.place(), placed.arrivalMillis());
              return answer(202, now.equals(place) ? jwt : tokens.queue(now), now, placed);
            });
  }

  private Future<Answer> enter(Call call, RoomId room, UserId user) {
    requireNotBanned(user);
    return joinService
        .enter(room, user, limits.join(call))
        .map(placed -> entered(user, room, placed));
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

  private Answer entered(UserId user, RoomId room, Placement placed) {
    Token.Queue token = new Token.Queue(user, room, placed.place(), placed.arrivalMillis());
    return answer(placed.created() ? 201 : 202, tokens.queue(token), token, placed);
  }

  private Answer answer(int status, String jwt, Token.Queue token, Placement placed) {
    return Answer.json(status, PlaceBody.json(jwt, token, placed, time.instant()));
  }

  private Future<EventSource> follow(Call call) {
    Token.Queue place = Caller.queueToken(call);
    requireNotBanned(place.user());
    String jwt = Caller.queueJwt(call);
    String lastSeen = call.header("Last-Event-ID").orElse("");
    return Future.succeededFuture(
        new PlaceStream(vertx, views, bans, tokens, time, place, jwt, lastSeen));
  }

  /** Gives up the place; if it has led to a session, that ends and gives back its holds. */
  private Future<Answer> leave(Call call) {
    Token.Queue token = Caller.queueToken(call);
    return bus.request(QueueMessages.LEAVE, new Leave(token.room(), token.user(), token.place()))
        .compose(
            reply ->
                reply instanceof HasSession admitted
                    ? bus.request(
                            ReservationMessages.END_SESSION,
                            new EndSession(token.room(), token.user(), admitted.session()))
                        .<Void>mapEmpty()
                    : Future.<Void>succeededFuture())
        .map(left -> Answer.noContent());
  }
}
