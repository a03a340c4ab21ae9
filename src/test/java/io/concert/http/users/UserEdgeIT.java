package io.concert.http.users;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.UserUuid;
import io.concert.http.web.DispatcherFixture;
import io.concert.http.web.Http;
import io.concert.user.Token;
import io.concert.user.TokenCheck;
import io.concert.user.User;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserEdgeIT {
  private static final String USERS = "/api/v1/users";
  private static final String LOGIN = "/api/v1/users/login";

  private final DispatcherFixture dispatcher = DispatcherFixture.shared();
  private final Http http = dispatcher.http();
  private final String email = UUID.randomUUID() + "@example.com";

  @Test
  void makesAGuestOutOfNothing() {
    JsonObject answer = http.post(USERS).expect(201);

    assertThat(answer.fieldNames()).containsExactly("uuid", "name");
    assertThat(answer.getValue("name")).isNull();
    assertThat(user(answer).isProtected()).isFalse();
    JsonObject named = http.post(USERS).json(new JsonObject().put("name", "김재서")).expect(201);
    assertThat(named.getString("name")).isEqualTo("김재서");
  }

  private User user(JsonObject answer) {
    return dispatcher
        .users
        .find(UserUuid.parse(answer.getString("uuid")).orElseThrow())
        .await()
        .orElseThrow();
  }

  @Test
  void countsLoginsByWhatCameOfThem() {
    JsonObject credentials = new JsonObject().put("email", email).put("password", "12345678");
    var unused = http.post(USERS).json(credentials).expect(201);
    double succeeded = logins("succeeded");
    double wrong = logins("wrong");

    http.post(LOGIN).json(credentials).expect(200);
    http.post(LOGIN).json(credentials.copy().put("password", "87654321")).expect(401);
    http.post(LOGIN).json(new JsonObject().put("uuid", UUID.randomUUID().toString())).expect(401);
    http.post(LOGIN).json(new JsonObject().put("email", email)).expect(400);

    assertThat(logins("succeeded")).isEqualTo(succeeded + 1);
    assertThat(logins("wrong")).isEqualTo(wrong + 2);
    assertThat(logins("fault")).isZero();
  }

  private double logins(String outcome) {
    return dispatcher.metrics().registry().get("logins").tag("outcome", outcome).counter().count();
  }

  @Test
  void logsInByEmailAndPassword() {
    JsonObject credentials = new JsonObject().put("email", email).put("password", "12345678");
    User kim = user(http.post(USERS).json(credentials).expect(201));
    assertThat(kim.isProtected()).isTrue();

    JsonObject answer =
        http.post(LOGIN)
            .json(credentials.copy().put("email", email.toUpperCase(Locale.ROOT)))
            .expect(200);

    assertThat(answer.getString("uuid")).isEqualTo(kim.uuid().reveal());
    assertThat(dispatcher.tokens.check(answer.getString("jwt")))
        .isEqualTo(new TokenCheck.Valid(new Token.Access(kim.number())));
    assertThat(answer.getString("expiresAt")).endsWith(".000Z");
    assertThat(answer.getString("serverTime")).isNotEmpty();

    http.post(LOGIN).json(credentials.copy().put("password", "87654321")).expect(401);
    http.post(LOGIN).json(credentials.copy().put("email", "x" + email)).expect(401, "UNAUTHORIZED");
    http.post(LOGIN)
        .json(new JsonObject().put("uuid", kim.uuid().reveal()))
        .expect(401, "UNAUTHORIZED");
    http.post(USERS).json(credentials).expect(409, "EMAIL_TAKEN");
  }

  @Test
  void logsAGuestInByUuid() {
    User guest = dispatcher.guest();

    JsonObject answer =
        http.post(LOGIN).json(new JsonObject().put("uuid", guest.uuid().reveal())).expect(200);

    assertThat(dispatcher.tokens.check(answer.getString("jwt")))
        .isEqualTo(new TokenCheck.Valid(new Token.Access(guest.number())));
    http.post(LOGIN)
        .json(new JsonObject().put("uuid", UUID.randomUUID().toString()))
        .expect(401, "UNAUTHORIZED");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"name\":\"\"}",
        "{\"name\":\"a\\nb\"}",
        "{\"name\":\"a\\u0000b\"}",
        "{\"name\":\"\\ud800\"}",
        "{\"name\":7}",
        "{\"email\":\"a@b.cd\"}",
        "{\"password\":\"12345678\"}",
        "{\"email\":\"a@b.cd\",\"password\":\"1234567\"}",
        "{\"email\":\"ab.cd\",\"password\":\"12345678\"}",
        "{\"admin\":true}",
        "[]",
      })
  void refusesRegistrationsThatMakeNoSense(String body) {
    http.post(USERS).body(body, "application/json").expect(400, "MALFORMED");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"uuid\":\"x\"}",
        "{\"email\":\"a@b.cd\"}",
        "{\"email\":\"a@b.cd\",\"password\":\"12345678\",\"uuid\":\"x\"}",
        "{\"email\":[],\"password\":\"12345678\"}",
      })
  void refusesLoginsThatMakeNoSense(String body) {
    http.post(LOGIN).body(body, "application/json").expect(400, "MALFORMED");
  }

  @Test
  void takesJsonThatSaysSo() {
    http.post(USERS).body("{}").expect(415, "UNSUPPORTED_MEDIA_TYPE");
    http.post(USERS).body("{}", "text/plain").expect(415, "UNSUPPORTED_MEDIA_TYPE");
    http.post(USERS)
        .body("{}", "application/json; charset=iso-8859-1")
        .expect(415, "UNSUPPORTED_MEDIA_TYPE");
    http.post(USERS).body("{}", "Application/JSON; Charset=\"UTF-8\"").expect(201);
  }
}
