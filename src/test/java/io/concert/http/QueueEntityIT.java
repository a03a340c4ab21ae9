package io.concert.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.Place;
import io.concert.domain.RoomId;
import io.concert.domain.UserId;
import io.concert.queue.PlaceState;
import io.concert.queue.QueueMessages;
import io.concert.queue.QueueMessages.Enter;
import io.concert.queue.QueueMessages.Placement;
import io.concert.queue.QueueMessages.Poll;
import io.concert.user.Token;
import io.concert.user.TokenCheck;
import io.concert.user.User;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueueEntityIT {
  private static final String PATH = "/api/v1/users/queueEntity";
  private static final Place PLACE = new Place(2, 41);

  private final EdgeFixture edge = EdgeFixture.shared();
  private final Http http = edge.http();
  private final User guest = edge.guest();
  private boolean created = true;

  @BeforeEach
  void script() {
    edge.script(QueueMessages.ENTER, (Enter enter) -> waiting(created));
    edge.script(QueueMessages.POLL, (Poll poll) -> waiting(false));
  }

  private Placement waiting(boolean isNew) {
    return new Placement(
        isNew,
        PLACE,
        edge.time.toEpochMilli(),
        PlaceState.WAITING,
        17,
        Optional.empty(),
        Duration.ofMillis(1_500));
  }

  @Test
  void givesANewPlaceAndItsToken() {
    JsonObject answer = http.post(PATH).json(uuid(guest)).expect(201);

    assertThat(edge.asked).containsExactly(new Enter(RoomId.DEFAULT, guest.number()));
    assertThat(edge.tokens.check(answer.getString("jwt")))
        .isEqualTo(
            new TokenCheck.Valid(
                new Token.Queue(guest.number(), RoomId.DEFAULT, PLACE, edge.time.toEpochMilli())));
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
    String jwt = edge.queueToken(guest);

    JsonObject answer = http.post(PATH).bearer(jwt).expect(202);

    assertThat(answer.getString("jwt")).isEqualTo(jwt);
    assertThat(edge.asked)
        .containsExactly(
            new Poll(RoomId.DEFAULT, guest.number(), new Place(0, 7), edge.time.toEpochMilli()));
  }

  @Test
  void tellsAnAdmittedPersonUntilWhen() {
    Instant ends = Instant.parse("2026-05-01T10:00:00.1239Z");
    edge.script(
        QueueMessages.POLL,
        (Poll poll) ->
            new Placement(
                false, PLACE, 0, PlaceState.ACTIVE, 0, Optional.of(ends), Duration.ofSeconds(5)));

    JsonObject answer = http.post(PATH).bearer(edge.queueToken(guest)).expect(202);

    assertThat(answer.getString("state")).isEqualTo("ACTIVE");
    assertThat(answer.getLong("waitingUserNum")).isZero();
    assertThat(answer.getString("sessionExpiresAt")).isEqualTo("2026-05-01T10:00:00.123Z");
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

    assertThat(edge.asked).hasSize(9).containsOnly(new Enter(RoomId.DEFAULT, guest.number()));
  }

  @Test
  void entersTheRoomOfTheConcert() {
    http.post(PATH).json(uuid(guest).put("concertId", edge.otherConcert)).expect(201);
    http.post(PATH).json(uuid(guest).put("concertId", edge.concert)).expect(201);

    assertThat(edge.asked)
        .containsExactly(
            new Enter(new RoomId("stadium"), guest.number()),
            new Enter(RoomId.DEFAULT, guest.number()));
  }

  @Test
  void letsAProtectedUserInWithAnAccessTokenOnly() {
    User kim = edge.protectedUser(UUID.randomUUID() + "@example.com", "12345678");

    http.post(PATH).json(uuid(kim)).expect(401, "UNAUTHORIZED");
    http.post(PATH).bearer(edge.accessToken(kim)).expect(201);
    http.post(PATH).bearer(edge.accessToken(kim)).json(uuid(kim)).expect(201);

    assertThat(edge.asked).containsOnly(new Enter(RoomId.DEFAULT, kim.number()));
  }

  @Test
  void refusesAnothersUuidNextToAToken() {
    JsonObject other = uuid(edge.guest());

    http.post(PATH).bearer(edge.queueToken(guest)).json(other).expect(401, "UNAUTHORIZED");
    http.post(PATH).bearer(edge.accessToken(guest)).json(other).expect(401, "UNAUTHORIZED");
    assertThat(edge.asked).isEmpty();
  }

  @Test
  void refusesAnotherRoomsConcertNextToAQueueToken() {
    String jwt = edge.queueToken(guest);

    http.post(PATH)
        .bearer(jwt)
        .json(new JsonObject().put("concertId", edge.otherConcert))
        .expect(400, "MALFORMED");
    http.post(PATH).bearer(jwt).json(new JsonObject().put("concertId", edge.concert)).expect(202);
  }

  @Test
  void doesNotKnowUsersWhoDoNotExist() {
    http.post(PATH)
        .json(new JsonObject().put("uuid", UUID.randomUUID().toString()))
        .expect(401, "UNAUTHORIZED");
    User ghost = new User(new UserId(1L << 60), guest.uuid(), false);
    http.post(PATH).bearer(edge.accessToken(ghost)).json(uuid(guest)).expect(401, "UNAUTHORIZED");
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
    assertThat(edge.asked).isEmpty();
  }

  private static JsonObject uuid(User user) {
    return new JsonObject().put("uuid", user.uuid().reveal());
  }
}
