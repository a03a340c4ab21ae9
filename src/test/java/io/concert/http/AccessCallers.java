package io.concert.http;

import io.concert.domain.Place;
import io.concert.domain.RoomId;
import io.concert.http.web.Access;
import io.concert.http.web.DispatcherFixture;
import io.concert.queue.api.QueueMessages;
import io.concert.queue.api.QueueMessages.Admission;
import io.concert.queue.api.QueueMessages.AdmissionState;
import io.concert.queue.api.QueueMessages.CheckAdmission;
import io.concert.user.SigningKeys;
import io.concert.user.Token;
import io.concert.user.Tokens;
import io.concert.user.User;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who asks in {@link AccessMatrixIT}, with a token of each kind; and for whom an endpoint may be.
 */
final class AccessCallers {
  /** Another one than the fixture's, under the same name. */
  private static final String OTHER_KEY = "test:b3RoZXItb3RoZXItb3RoZXItb3RoZXItb3RoZXItb3RoZXI=";

  enum Caller {
    NOBODY,
    /** What isn't a token at all. */
    GARBAGE,
    /** A user's own, from two days ago. */
    EXPIRED,
    /** A user's own claims, unsigned. */
    UNSIGNED,
    /** A user's own claims, signed with another key. */
    FORGED,
    /** Who you are, but no place in line. */
    LOGGED_IN,
    WAITING,
    ADMITTED,
    /** The session's own end has passed and a hold stands. */
    PAYING,
    ENDED,
    /** Admitted, though to another room. */
    IN_OTHER_ROOM,
    VIEWER,
    OPERATOR,
    PAYMENTS
  }

  /** For whom an endpoint is. */
  enum For {
    EVERYBODY,
    /** Who has a place or wants one; without a token the body says who. */
    WHO_ENTERS,
    /** Any place in line, let in or not: what is asked is the caller's own. */
    WHO_HAS_A_PLACE,
    /** Let in by the room of this concert. */
    WHO_IS_IN,
    /** Any token of a user's. */
    USERS,
    /** A user's own balance; operators only where the settings leave charging to them. */
    WHO_CHARGES,
    ANY_OPERATOR,
    OPERATORS,
    PAYMENTS;

    /** 0 if the caller is let through. */
    int refusal(Caller caller) {
      return switch (caller) {
        case NOBODY -> this == EVERYBODY || this == WHO_ENTERS || this == WHO_CHARGES ? 0 : 401;
        case GARBAGE, EXPIRED, UNSIGNED, FORGED -> this == EVERYBODY ? 0 : 401;
        case LOGGED_IN -> isForOperators() || needsPlace() ? 401 : 0;
        case ADMITTED -> isForOperators() ? 401 : 0;
        case WAITING, PAYING, ENDED, IN_OTHER_ROOM ->
            isForOperators() ? 401 : this == WHO_IS_IN ? 403 : 0;
        case VIEWER -> operator(this == ANY_OPERATOR);
        case OPERATOR -> operator(this == ANY_OPERATOR || this == OPERATORS);
        case PAYMENTS -> operator(this == ANY_OPERATOR || this == PAYMENTS);
      };
    }

    /** What an endpoint for them declares. */
    Access access() {
      return switch (this) {
        case EVERYBODY -> Access.PUBLIC;
        case WHO_ENTERS, WHO_CHARGES -> Access.TOKEN_OR_UUID;
        case WHO_HAS_A_PLACE -> Access.QUEUE_TOKEN;
        case WHO_IS_IN -> Access.ADMITTED;
        case USERS -> Access.USER;
        case ANY_OPERATOR -> Access.VIEWER;
        case OPERATORS -> Access.OPERATOR;
        case PAYMENTS -> Access.PAYMENTS;
      };
    }

    private boolean isForOperators() {
      return this == ANY_OPERATOR || this == OPERATORS || this == PAYMENTS;
    }

    private boolean needsPlace() {
      return this == WHO_HAS_A_PLACE || this == WHO_IS_IN;
    }

    private int operator(boolean may) {
      return this == EVERYBODY || may ? 0 : isForOperators() ? 403 : 401;
    }
  }

  private final DispatcherFixture dispatcher;
  private final Map<Caller, User> users = new EnumMap<>(Caller.class);

  AccessCallers(DispatcherFixture dispatcher) {
    this.dispatcher = dispatcher;
    for (Caller caller : Caller.values()) {
      users.put(caller, dispatcher.guest());
    }
    dispatcher.script(
        QueueMessages.CHECK_ADMISSION,
        (CheckAdmission check) -> new Admission(state(check), Optional.empty()));
  }

  private AdmissionState state(CheckAdmission check) {
    if (check.user().equals(user(Caller.PAYING).number())) {
      return AdmissionState.PAYING;
    }
    boolean out =
        check.user().equals(user(Caller.WAITING).number())
            || check.user().equals(user(Caller.ENDED).number());
    return out ? AdmissionState.NONE : AdmissionState.ACTIVE;
  }

  User user(Caller caller) {
    return java.util.Objects.requireNonNull(users.get(caller));
  }

  Optional<String> token(Caller caller) {
    String own = dispatcher.queueToken(user(caller));
    return switch (caller) {
      case NOBODY -> Optional.empty();
      case GARBAGE -> Optional.of("garbage.garbage.garbage");
      case EXPIRED -> Optional.of(twoDaysOld(user(caller)));
      case UNSIGNED -> Optional.of(unsigned(own));
      case FORGED -> Optional.of(forged(user(caller)));
      case LOGGED_IN -> Optional.of(dispatcher.accessToken(user(caller)));
      case WAITING, ADMITTED, PAYING, ENDED -> Optional.of(own);
      case IN_OTHER_ROOM -> Optional.of(dispatcher.queueToken(user(caller), new RoomId("stadium")));
      case VIEWER -> Optional.of(DispatcherFixture.VIEWER);
      case OPERATOR -> Optional.of(DispatcherFixture.OPERATOR);
      case PAYMENTS -> Optional.of(DispatcherFixture.PAYMENTS);
    };
  }

  private static Token.Queue place(User user, Instant arrival) {
    return new Token.Queue(user.number(), RoomId.DEFAULT, new Place(0, 7), arrival.toEpochMilli());
  }

  private String twoDaysOld(User user) {
    Instant then = dispatcher.time.minus(Duration.ofDays(2));
    return new Tokens(
            dispatcher.vertx, SigningKeys.parse(DispatcherFixture.SIGNING_KEY), () -> then)
        .queue(place(user, then));
  }

  private String forged(User user) {
    return new Tokens(dispatcher.vertx, SigningKeys.parse(OTHER_KEY), () -> dispatcher.time)
        .queue(place(user, dispatcher.time));
  }

  private static String unsigned(String token) {
    String[] parts = token.split("\\.", -1);
    JsonObject header =
        new JsonObject(new String(Base64.getUrlDecoder().decode(parts[0]), StandardCharsets.UTF_8));
    String none =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(header.put("alg", "none").encode().getBytes(StandardCharsets.UTF_8));
    return none + "." + parts[1] + ".";
  }
}
