package io.concert.http.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.Place;
import io.concert.domain.RoomId;
import io.concert.domain.SessionId;
import io.concert.domain.UserId;
import io.concert.domain.Won;
import io.concert.http.web.DispatcherFixture;
import io.concert.http.web.Http;
import io.concert.payment.PaymentMessages;
import io.concert.payment.PaymentMessages.AskBalance;
import io.concert.payment.PaymentMessages.Balance;
import io.concert.queue.api.PlaceState;
import io.concert.queue.api.QueueMessages;
import io.concert.queue.api.QueueMessages.Enter;
import io.concert.queue.api.QueueMessages.HasSession;
import io.concert.queue.api.QueueMessages.Leave;
import io.concert.queue.api.QueueMessages.Left;
import io.concert.queue.api.QueueMessages.Placement;
import io.concert.queue.api.QueueMessages.Poll;
import io.concert.queue.api.QueueMessages.TooManyJoins;
import io.concert.queue.api.QueueMessages.WaitEstimate;
import io.concert.queue.api.RoomSettings;
import io.concert.reservation.api.ReservationMessages;
import io.concert.reservation.api.ReservationMessages.EndSession;
import io.concert.reservation.api.ReservationMessages.Noted;
import io.concert.user.Token;
import io.concert.user.TokenCheck;
import io.concert.user.User;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueueEntityIT {
  private static final String PATH = "/api/v1/users/queueEntity";
  private static final Place PLACE = new Place(2, 41);

  private final DispatcherFixture dispatcher = DispatcherFixture.shared();
  private final Http http = dispatcher.http();
  private final User guest = dispatcher.guest();
  private boolean created = true;

  @BeforeEach
  void script() {
    dispatcher.script(QueueMessages.ENTER, (Enter enter) -> waiting(created));
    dispatcher.script(QueueMessages.POLL, (Poll poll) -> waiting(false, poll.place()));
  }

  private Placement waiting(boolean isNew) {
    return waiting(isNew, PLACE);
  }

  private Placement waiting(boolean isNew, Place place) {
    return placed(isNew, place, PlaceState.WAITING, Optional.empty(), Optional.empty());
  }

  private Placement placed(
      boolean isNew, PlaceState state, Optional<Instant> opensAt, Optional<WaitEstimate> estimate) {
    return placed(isNew, PLACE, state, opensAt, estimate);
  }

  private Placement placed(
      boolean isNew,
      Place place,
      PlaceState state,
      Optional<Instant> opensAt,
      Optional<WaitEstimate> estimate) {
    return new Placement(
        isNew,
        place,
        dispatcher.time.toEpochMilli(),
        state,
        17,
        Optional.empty(),
        opensAt,
        estimate,
        Duration.ofMillis(1_500));
  }

  @Test
  void givesANewPlaceAndItsToken() {
    JsonObject answer = http.post(PATH).json(uuid(guest)).expect(201);

    assertThat(dispatcher.asked).containsExactly(new Enter(RoomId.DEFAULT, guest.number(), true));
    assertThat(dispatcher.tokens.check(answer.getString("jwt")))
        .isEqualTo(
            new TokenCheck.Valid(
                new Token.Queue(
                    guest.number(), RoomId.DEFAULT, PLACE, dispatcher.time.toEpochMilli())));
    assertThat(answer.getLong("waitingUserNum")).isEqualTo(17);
    assertThat(answer.getString("state")).isEqualTo("WAITING");
    assertThat(answer.getString("room")).isEqualTo("default");
    assertThat(answer.getLong("pollAfterMillis")).isEqualTo(1_500);
    assertThat(answer.getString("serverTime")).matches("....-..-..T..:..:..\\....Z");
    assertThat(answer.fieldNames())
        .containsExactly(
            "jwt",
            "waitingUserNum",
            "state",
            "room",
            "missedTurns",
            "estimatedWaitSeconds",
            "pollAfterMillis",
            "sessionExpiresAt",
            "serverTime");
    assertThat(answer.getValue("estimatedWaitSeconds")).isNull();
    assertThat(answer.getValue("sessionExpiresAt")).isNull();
  }

  @Test
  void givesTheSamePlaceAndTokenToWhoeverIsInLineAlready() {
    String first = http.post(PATH).json(uuid(guest)).expect(201).getString("jwt");
    created = false;

    assertThat(http.post(PATH).json(uuid(guest)).expect(202).getString("jwt")).isEqualTo(first);
  }

  @Test
  void pollsWithTheTokenAloneAndEchoesIt() {
    String jwt = dispatcher.queueToken(guest);

    JsonObject answer = http.post(PATH).bearer(jwt).expect(202);

    assertThat(answer.getString("jwt")).isEqualTo(jwt);
    assertThat(dispatcher.asked)
        .containsExactly(
            new Poll(
                RoomId.DEFAULT, guest.number(), new Place(0, 7), dispatcher.time.toEpochMilli()));
  }

  @Test
  void tellsOfAMissedTurnAndGivesTheTokenOfThePlaceThatFollows() {
    String missed = dispatcher.queueToken(guest);
    dispatcher.script(QueueMessages.POLL, (Poll poll) -> waiting(false, PLACE));

    JsonObject answer = http.post(PATH).bearer(missed).expect(202);

    assertThat(answer.getInteger("missedTurns")).isOne();
    String next = answer.getString("jwt");
    assertThat(dispatcher.tokens.check(next))
        .isEqualTo(
            new TokenCheck.Valid(
                new Token.Queue(
                    guest.number(), RoomId.DEFAULT, PLACE, dispatcher.time.toEpochMilli(), 1)));
    JsonObject polled = http.post(PATH).bearer(next).expect(202);
    assertThat(polled.getString("jwt")).isEqualTo(next);
    assertThat(polled.getInteger("missedTurns")).isOne();
    assertThat(http.post(PATH).bearer(missed).expect(202).getString("jwt")).isEqualTo(next);
  }

  @Test
  void tellsAnAdmittedPersonUntilWhen() {
    Instant ends = Instant.parse("2026-05-01T10:00:00.1239Z");
    dispatcher.script(
        QueueMessages.POLL,
        (Poll poll) ->
            new Placement(
                false,
                PLACE,
                0,
                PlaceState.ACTIVE,
                0,
                Optional.of(ends),
                Optional.empty(),
                Optional.empty(),
                Duration.ofSeconds(5)));

    JsonObject answer = http.post(PATH).bearer(dispatcher.queueToken(guest)).expect(202);

    assertThat(answer.getString("state")).isEqualTo("ACTIVE");
    assertThat(answer.getLong("waitingUserNum")).isZero();
    assertThat(answer.getString("sessionExpiresAt")).isEqualTo("2026-05-01T10:00:00.123Z");
  }

  @Test
  void tellsHowLongSomebodyWillWaitRoundedOutward() {
    var estimate = new WaitEstimate(Duration.ofMillis(59_999), Duration.ofMillis(120_001));
    dispatcher.script(
        QueueMessages.POLL,
        (Poll poll) -> placed(false, PlaceState.WAITING, Optional.empty(), Optional.of(estimate)));

    JsonObject answer = http.post(PATH).bearer(dispatcher.queueToken(guest)).expect(202);

    assertThat(answer.getJsonObject("estimatedWaitSeconds"))
        .isEqualTo(new JsonObject().put("low", 59).put("high", 121));
    assertThat(answer.containsKey("opensAt")).isFalse();
  }

  @Test
  void tellsWhenTheRoomOpens() {
    Instant opens = Instant.parse("2031-05-01T10:00:00Z");
    dispatcher.script(
        QueueMessages.POLL,
        (Poll poll) -> placed(false, PlaceState.NOT_OPEN, Optional.of(opens), Optional.empty()));

    JsonObject answer = http.post(PATH).bearer(dispatcher.queueToken(guest)).expect(202);

    assertThat(answer.getString("state")).isEqualTo("NOT_OPEN");
    assertThat(answer.getString("opensAt")).isEqualTo("2031-05-01T10:00:00.000Z");
    assertThat(answer.getValue("estimatedWaitSeconds")).isNull();
  }

  @Test
  void tellsWhenToTryAgainARoomThatTooManyJoin() {
    dispatcher.script(
        QueueMessages.ENTER, (Enter enter) -> new TooManyJoins(Duration.ofMillis(2_100)));

    var counter =
        dispatcher
            .metrics()
            .registry()
            .get("http_rate_limited")
            .tag("limit", "joins_of_room")
            .counter();
    double before = counter.count();

    HttpResponse<byte[]> refused = http.post(PATH).json(uuid(guest)).send();

    assertThat(counter.count()).isEqualTo(before + 1);
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(Http.problemOf(refused).getString("code")).isEqualTo("RATE_LIMITED");
    assertThat(refused.headers().firstValue("Retry-After")).contains("3");
  }

  @Test
  void asksForTheBalanceThatARoomWantsOfNewcomersOnly() {
    RoomSettings wants = DispatcherFixture.room(10, new Won(50_000));
    String room = "rich-" + guest.number().number();
    RoomId id = dispatcher.createRoom(room, wants, Optional.empty(), List.of());
    String concert = dispatcher.createConcert(room);
    JsonObject body = uuid(guest).put("concertId", concert);
    dispatcher.script(
        QueueMessages.ENTER,
        (Enter enter) -> enter.mayCreate() ? waiting(true) : new QueueMessages.NoPlace());
    dispatcher.script(
        PaymentMessages.ASK_BALANCE, (AskBalance ask) -> new Balance(new Won(49_999)));

    JsonObject refused = http.post(PATH).json(body).expect(402, "INSUFFICIENT_BALANCE");
    assertThat(refused.getLong("required")).isEqualTo(50_000);
    assertThat(refused.getLong("available")).isEqualTo(49_999);
    assertThat(dispatcher.asked)
        .containsExactly(new Enter(id, guest.number(), false), new AskBalance(guest.number()));

    dispatcher.script(
        PaymentMessages.ASK_BALANCE, (AskBalance ask) -> new Balance(new Won(50_000)));
    http.post(PATH).json(body).expect(201);

    dispatcher.asked.clear();
    dispatcher.script(QueueMessages.ENTER, (Enter enter) -> waiting(false));
    http.post(PATH).json(body).expect(202);
    assertThat(dispatcher.asked).containsExactly(new Enter(id, guest.number(), false));
  }

  @Test
  void leavesAndMayRepeatIt() {
    dispatcher.script(QueueMessages.LEAVE, (Leave leave) -> new Left());
    String jwt = dispatcher.queueToken(guest);

    for (int i = 0; i < 2; i++) {
      HttpResponse<byte[]> left = http.request("DELETE", PATH).bearer(jwt).send();
      assertThat(left.statusCode()).isEqualTo(204);
      assertThat(left.body()).isEmpty();
      assertThat(left.headers().firstValue("Content-Type")).isEmpty();
    }
    assertThat(dispatcher.asked)
        .containsOnly(new Leave(RoomId.DEFAULT, guest.number(), new Place(0, 7)));
  }

  @Test
  void endsTheSessionOfWhoeverLeaves() {
    SessionId session = new SessionId(77);
    dispatcher.script(QueueMessages.LEAVE, (Leave leave) -> new HasSession(session));
    String jwt = dispatcher.queueToken(guest);

    // Unless the session is ended nobody has left.
    http.request("DELETE", PATH).bearer(jwt).expect(503, "UNAVAILABLE");
    dispatcher.script(ReservationMessages.END_SESSION, (EndSession end) -> new Noted());
    dispatcher.asked.clear();
    assertThat(http.request("DELETE", PATH).bearer(jwt).send().statusCode()).isEqualTo(204);

    assertThat(dispatcher.asked)
        .containsExactly(
            new Leave(RoomId.DEFAULT, guest.number(), new Place(0, 7)),
            new EndSession(RoomId.DEFAULT, guest.number(), session));
  }

  @Test
  void leavesWithAQueueTokenOnly() {
    http.request("DELETE", PATH).expect(401, "UNAUTHORIZED");
    http.request("DELETE", PATH).bearer(dispatcher.accessToken(guest)).expect(401, "UNAUTHORIZED");
    http.request("DELETE", PATH).bearer("forged").expect(401, "UNAUTHORIZED");
    assertThat(dispatcher.asked).isEmpty();
  }

  @Test
  void takesTheUuidInAllFormsThatTheSeedsWordsAllow() {
    String uuid = guest.uuid().reveal();
    http.post(PATH).body("{\"uuid\":\"" + uuid + "\"}").expect(201);
    http.post(PATH).body("{\"UUID\":\"" + uuid + "\"}").expect(201);
    http.post(PATH).body("\"" + uuid + "\"").expect(201);
    http.post(PATH).body(uuid).expect(201);
    http.post(PATH).body(" " + uuid.toUpperCase(java.util.Locale.ROOT) + "\n").expect(201);
    http.post(PATH).body("{\"uuid\":\"" + uuid + "\",\"concertId\":null}").expect(201);
    http.post(PATH).body(uuid, "application/x-www-form-urlencoded").expect(201);
    http.post(PATH).body(uuid, "multipart/form-data; boundary=x").expect(201);
    http.post(PATH).body("{\"uuid\":\"" + uuid + "\"}", "text/plain").expect(201);

    assertThat(dispatcher.asked)
        .hasSize(9)
        .containsOnly(new Enter(RoomId.DEFAULT, guest.number(), true));
  }

  @Test
  void entersTheRoomOfTheConcert() {
    http.post(PATH).json(uuid(guest).put("concertId", dispatcher.otherConcert)).expect(201);
    http.post(PATH).json(uuid(guest).put("concertId", dispatcher.concert)).expect(201);

    assertThat(dispatcher.asked)
        .containsExactly(
            new Enter(new RoomId("stadium"), guest.number(), true),
            new Enter(RoomId.DEFAULT, guest.number(), true));
  }

  @Test
  void letsAProtectedUserInWithAnAccessTokenOnly() {
    User kim = dispatcher.protectedUser(UUID.randomUUID() + "@example.com", "12345678");

    http.post(PATH).json(uuid(kim)).expect(401, "UNAUTHORIZED");
    http.post(PATH).bearer(dispatcher.accessToken(kim)).expect(201);
    http.post(PATH).bearer(dispatcher.accessToken(kim)).json(uuid(kim)).expect(201);

    assertThat(dispatcher.asked).containsOnly(new Enter(RoomId.DEFAULT, kim.number(), true));
  }

  @Test
  void refusesAnothersUuidNextToAToken() {
    JsonObject other = uuid(dispatcher.guest());

    http.post(PATH).bearer(dispatcher.queueToken(guest)).json(other).expect(401, "UNAUTHORIZED");
    http.post(PATH).bearer(dispatcher.accessToken(guest)).json(other).expect(401, "UNAUTHORIZED");
    assertThat(dispatcher.asked).isEmpty();
  }

  @Test
  void refusesAnotherRoomsConcertNextToAQueueToken() {
    String jwt = dispatcher.queueToken(guest);

    http.post(PATH)
        .bearer(jwt)
        .json(new JsonObject().put("concertId", dispatcher.otherConcert))
        .expect(400, "MALFORMED");
    http.post(PATH)
        .bearer(jwt)
        .json(new JsonObject().put("concertId", dispatcher.concert))
        .expect(202);
  }

  @Test
  void doesNotKnowUsersWhoDoNotExist() {
    http.post(PATH)
        .json(new JsonObject().put("uuid", UUID.randomUUID().toString()))
        .expect(401, "UNAUTHORIZED");
    User ghost = new User(new UserId(1L << 60), guest.uuid(), false);
    http.post(PATH)
        .bearer(dispatcher.accessToken(ghost))
        .json(uuid(guest))
        .expect(401, "UNAUTHORIZED");
  }

  @Test
  void saysUnauthorizedBeforeMalformed() {
    http.post(PATH).bearer("forged").body("{").expect(401, "UNAUTHORIZED");
    http.post(PATH)
        .json(new JsonObject().put("uuid", UUID.randomUUID().toString()).put("concertId", "?"))
        .expect(401, "UNAUTHORIZED");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{}",
        "null",
        "[]",
        "17",
        "true",
        "\"\"",
        "not-a-uuid",
        "\"1-1-1-1-1\"",
        "{\"uuid\":\"1-1-1-1-1\"}",
        "{\"uuid\":17}",
        "{\"uuid\":null}",
        "{\"uuid\":{\"uuid\":\"x\"}}",
        "{\"Uuid\":\"%s\"}",
        "{\"uuid\":\"%s\",\"UUID\":\"%s\"}",
        "{\"uuid\":\"%s\",\"uuid\":\"%s\"}",
        "{\"uuid\":\"%s\",\"more\":1}",
        "{\"uuid\":\"%s\",\"concertId\":1}",
        "{\"uuid\":\"%s\",\"concertId\":\"\"}",
        "{\"uuid\":\"%s\",\"concertId\":\"c0\"}",
        "{\"uuid\":\"%s\",\"concertId\":\"c01\"}",
        "{\"uuid\":\"%s\",\"concertId\":\"c999999999999999999\"}",
        "{\"uuid\":\"%s\",\"concertId\":\"c9999999999999999999\"}",
        "{\"uuid\":\"%s\"} x",
        "{\"uuid\":\"%s\"",
        "%s %s",
        "uuid=%s",
      })
  void refusesBodiesThatAreNoneOfThoseForms(String body) {
    http.post(PATH).body(body.replace("%s", guest.uuid().reveal())).expect(400, "MALFORMED");
    assertThat(dispatcher.asked).isEmpty();
  }

  private static JsonObject uuid(User user) {
    return new JsonObject().put("uuid", user.uuid().reveal());
  }
}
