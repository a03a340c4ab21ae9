package io.concert.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.Place;
import io.concert.domain.RoomId;
import io.concert.http.web.Access;
import io.concert.http.web.DispatcherFixture;
import io.concert.http.web.Http;
import io.concert.queue.api.QueueMessages;
import io.concert.queue.api.QueueMessages.Admission;
import io.concert.queue.api.QueueMessages.AdmissionState;
import io.concert.queue.api.QueueMessages.CheckAdmission;
import io.concert.user.SigningKeys;
import io.concert.user.Token;
import io.concert.user.Tokens;
import io.concert.user.User;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Every endpoint, asked by everybody who shouldn't be let through, and by those who should. An
 * endpoint that has no line here fails.
 */
class AccessMatrixIT {
  /** Another one than the fixture's, under the same name. */
  private static final String OTHER_KEY = "test:b3RoZXItb3RoZXItb3RoZXItb3RoZXItb3RoZXItb3RoZXI=";

  /** Of somebody who was let through none of these is the answer. */
  private static final Set<Integer> NOT_LET_THROUGH =
      Set.of(400, 401, 403, 404, 405, 413, 415, 429, 500);

  private enum Caller {
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
  private enum For {
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

  /**
   * @param path with a date, a seat and so on that there are
   * @param body with {@code {me}} for the caller's UUID; empty for none
   */
  private record Line(For who, String path, String body) {}

  private final DispatcherFixture dispatcher = DispatcherFixture.shared();
  private final Http http = dispatcher.http();

  /** Of its own: other tests count on what the fixture's concerts have. */
  private final String concert = dispatcher.createConcert("default");

  private final String date = dispatcher.createSchedule(concert);
  private final Map<String, Line> lines = new TreeMap<>();
  private final Map<Caller, User> users = new EnumMap<>(Caller.class);

  @BeforeEach
  void setUp() {
    for (Caller caller : Caller.values()) {
      users.put(caller, dispatcher.guest());
    }
    dispatcher.script(
        QueueMessages.CHECK_ADMISSION,
        (CheckAdmission check) -> new Admission(state(check), Optional.empty()));
    dispatcher.database.execute(
        """
        update seat_claim set state = 1, user_number = %d, hold_id = 1, held_at = now(),
          deadline = now() + interval '5 minutes'
        where schedule_id = %s and seat = 0
        """
            .formatted(dispatcher.guest().number().number(), date.substring(1)));
    dispatcher.database.execute(
        """
        insert into webhook (id, url, active, from_cursor) overriding system value
        values (7001, 'https://a.test/', false, 0), (7002, 'https://a.test/', false, 0)
        on conflict do nothing;
        insert into webhook_key (webhook_id, number, secret)
        select id, 1, sha256('') from webhook where id between 7001 and 7002
        on conflict do nothing
        """);
    publicLines();
    userLines();
    operatorLines();
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

  private void line(For who, String endpoint) {
    line(who, endpoint, "");
  }

  private void line(For who, String endpoint, String body) {
    String path =
        endpoint
            .replace("/concerts/{id}", "/concerts/" + concert)
            .replace("{concertId}", concert)
            .replace("/rooms/{id}", endpoint.startsWith("PUT") ? "/rooms/matrix" : "/rooms/default")
            .replace("/bills/{id}", "/bills/b7")
            .replace("/orders/{id}", "/orders/12345-67890")
            .replace("/users/{number}", "/users/" + user(Caller.ADMITTED).number().number())
            .replace("{scheduleId}", date)
            .replace("{seatId}", date + "-0")
            .replace("{holdId}", "h7")
            .replace("/seats/{id}", "/seats/" + date)
            .replace("/schedules/{id}", "/schedules/" + date)
            .replace(
                "/webhooks/{id}",
                endpoint.startsWith("DELETE") ? "/webhooks/w7002" : "/webhooks/w7001")
            .replace("{number}", "1")
            .replace("{version}", "1")
            .replace("{file}", "app.js");
    lines.put(endpoint, new Line(who, path, body.replace('\'', '"').replace("{date}", date)));
  }

  private void publicLines() {
    line(For.EVERYBODY, "GET /");
    line(For.EVERYBODY, "GET /operator");
    line(For.EVERYBODY, "GET /web/{version}/{file}");
    line(For.EVERYBODY, "GET /docs");
    line(For.EVERYBODY, "GET /openapi.yaml");
    line(For.EVERYBODY, "GET /metrics");
    line(For.EVERYBODY, "GET /health/live");
    line(For.EVERYBODY, "GET /health/ready");
    line(For.EVERYBODY, "GET /health/started");
    line(For.EVERYBODY, "POST /api/v1/users", "{'name':'T'}");
    line(For.EVERYBODY, "POST /api/v1/users/login", "{'uuid':'{me}'}");
    line(For.EVERYBODY, "GET /api/v1/concerts");
    line(For.EVERYBODY, "GET /api/v1/concerts/{id}");
    line(For.EVERYBODY, "GET /api/v1/rooms/{id}");
    line(For.EVERYBODY, "GET /api/v1/rooms/{id}/draws/{number}");
    line(For.EVERYBODY, "GET /api/v1/schedules/{id}/layout");
  }

  private void userLines() {
    line(For.WHO_ENTERS, "POST /api/v1/users/queueEntity", "{'uuid':'{me}'}");
    line(For.WHO_HAS_A_PLACE, "DELETE /api/v1/users/queueEntity");
    line(For.WHO_HAS_A_PLACE, "GET /api/v1/users/queueEntity/events");
    line(For.WHO_IS_IN, "GET /api/v1/reservations/dates/{concertId}");
    line(For.WHO_IS_IN, "GET /api/v1/reservations/seats/{scheduleId}");
    line(For.WHO_IS_IN, "GET /api/v1/reservations/seats/{id}/status");
    line(For.WHO_IS_IN, "GET /api/v1/reservations/seats/{id}/events");
    line(
        For.WHO_IS_IN,
        "POST /api/v1/reservations/seats",
        "{'scheduleId':'{date}','seatId':'{date}-0'}");
    line(
        For.WHO_IS_IN,
        "POST /api/v1/reservations/holds",
        "{'scheduleId':'{date}','seatIds':['{date}-0']}");
    line(For.USERS, "GET /api/v1/reservations/holds");
    line(For.USERS, "POST /api/v1/reservations/holds/{holdId}/extend");
    line(For.USERS, "DELETE /api/v1/reservations/seats/{scheduleId}/{seatId}");
    line(
        For.WHO_CHARGES,
        "PATCH /api/v1/accounts/balances",
        "{'userId':'{me}','balanceAdjustment':5}");
    // Whether a hold stands is judged by the database, also after the session's end.
    line(
        For.WHO_HAS_A_PLACE,
        "POST /api/v1/accounts/payments",
        "{'scheduleId':'{date}','seatId':'{date}-0','price':99000}");
    line(
        For.WHO_HAS_A_PLACE,
        "POST /api/v1/accounts/payments/batch",
        "{'scheduleId':'{date}','seats':[{'seatId':'{date}-0','price':99000}]}");
    line(For.USERS, "GET /api/v1/accounts/bills");
    line(For.USERS, "GET /api/v1/accounts/bills/{id}");
    line(For.USERS, "POST /api/v1/accounts/bills/{id}/refund");
    line(For.USERS, "GET /api/v1/accounts/bills/{id}/ticket");
    line(For.USERS, "GET /api/v1/accounts/orders");
    line(For.USERS, "GET /api/v1/accounts/orders/{id}");
    line(For.USERS, "GET /api/v1/accounts/entries");
  }

  private void operatorLines() {
    line(For.OPERATORS, "POST /api/v1/admin/concerts", "{'title':'T','venue':'V'}");
    line(For.OPERATORS, "PATCH /api/v1/admin/concerts/{id}", "{'title':'T'}");
    line(
        For.OPERATORS,
        "POST /api/v1/admin/schedules",
        "{'concertId':'%s','startsAt':'2031-05-01T10:00:00Z'}".formatted(concert));
    line(For.OPERATORS, "PATCH /api/v1/admin/schedules/{id}", "{'closesAt':null}");
    line(
        For.OPERATORS,
        "PUT /api/v1/admin/schedules/{id}/layout",
        "{'grades':[{'id':'0','name':'R','price':99000}],'sections':[{'name':'A','rows':"
            + "[{'row':'1','seats':[{'no':'1','grade':'0'},{'no':'2','grade':'0'}]}]}]}");
    line(For.OPERATORS, "POST /api/v1/admin/schedules/{id}/open");
    line(For.OPERATORS, "POST /api/v1/admin/schedules/{id}/close");
    line(For.OPERATORS, "POST /api/v1/admin/schedules/{id}/cancel");
    String house = "/api/v1/admin/schedules/{id}";
    line(For.OPERATORS, "POST " + house + "/blocks", "{'seatIds':['{date}-0']}");
    line(For.OPERATORS, "POST " + house + "/blocks/release", "{'seatIds':['{date}-0']}");
    line(For.OPERATORS, "DELETE " + house + "/holds/{seatId}");
    line(For.ANY_OPERATOR, "GET " + house + "/blocks");
    line(For.ANY_OPERATOR, "GET " + house + "/seats");
    line(For.ANY_OPERATOR, "GET " + house + "/seats/{seatId}");
    line(For.OPERATORS, "PUT /api/v1/admin/rooms/{id}", "{'capacity':10}");
    line(For.OPERATORS, "PATCH /api/v1/admin/rooms/{id}", "{'capacity':10}");
    line(For.OPERATORS, "PUT /api/v1/admin/rooms/{id}/message", "{'text':'T'}");
    line(For.OPERATORS, "POST /api/v1/admin/tickets/check", "{'ticket':'T'}");
    line(
        For.OPERATORS,
        "POST /api/v1/admin/layouts/preview",
        "{'grades':[{'id':'0','name':'R','price':99000}],'sections':[{'name':'A','rows':"
            + "[{'row':'1','seats':[{'no':'1','grade':'0'}]}]}]}");
    line(For.OPERATORS, "POST /api/v1/admin/demo/crowd", "{'concertId':'%s'}".formatted(concert));
    line(For.ANY_OPERATOR, "GET /api/v1/admin/demo/crowd");
    line(For.ANY_OPERATOR, "GET /api/v1/admin/overview");
    line(For.ANY_OPERATOR, "POST /api/v1/admin/forecasts", "{'people':100,'seats':10}");
    line(For.ANY_OPERATOR, "GET /api/v1/admin/rooms");
    line(For.ANY_OPERATOR, "GET /api/v1/admin/rooms/{id}");
    line(For.ANY_OPERATOR, "GET /api/v1/admin/bills/{id}");
    line(For.ANY_OPERATOR, "GET /api/v1/admin/orders/{id}");
    line(For.ANY_OPERATOR, "GET /api/v1/admin/users/{number}");
    line(For.OPERATORS, "PATCH /api/v1/admin/users/{number}", "{'banned':false}");
    line(For.ANY_OPERATOR, "GET /api/v1/admin/schedules/{id}/sales.csv");
    line(For.ANY_OPERATOR, "GET /api/v1/admin/schedules/{id}/report");
    line(For.ANY_OPERATOR, "GET /api/v1/admin/schedules/{id}/report.csv");
    line(For.ANY_OPERATOR, "GET /api/v1/admin/ledger.csv");
    line(For.ANY_OPERATOR, "GET /api/v1/admin/invariants");
    line(For.ANY_OPERATOR, "GET /api/v1/admin/audit");
    line(For.ANY_OPERATOR, "GET /api/v1/admin/events");
    line(For.ANY_OPERATOR, "GET /api/v1/admin/webhooks");
    line(For.ANY_OPERATOR, "GET /api/v1/admin/webhooks/{id}");
    line(For.ANY_OPERATOR, "GET /api/v1/admin/webhooks/{id}/dead-letters");
    line(For.OPERATORS, "POST /api/v1/admin/webhooks", "{'url':'http://127.0.0.1:9/hook'}");
    line(For.OPERATORS, "PATCH /api/v1/admin/webhooks/{id}", "{'active':false}");
    line(For.OPERATORS, "POST /api/v1/admin/webhooks/{id}/replay", "{'after':'e0'}");
    line(For.OPERATORS, "POST /api/v1/admin/webhooks/{id}/dead-letters/redeliver");
    line(For.OPERATORS, "DELETE /api/v1/admin/webhooks/{id}");
    line(For.ANY_OPERATOR, "GET /api/v1/admin/log-level");
    line(For.OPERATORS, "PUT /api/v1/admin/log-level", "{'level':'info'}");
    line(For.PAYMENTS, "POST /api/v1/admin/bills/{id}/refund");
  }

  private User user(Caller caller) {
    return java.util.Objects.requireNonNull(users.get(caller));
  }

  private Optional<String> token(Caller caller) {
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

  /** Of a stream only the head: it has no end. */
  private HttpResponse<byte[]> ask(String endpoint, Line line, Optional<String> token, User me) {
    String method = endpoint.substring(0, endpoint.indexOf(' '));
    String path = line.path.substring(line.path.indexOf(' ') + 1);
    Http.Request request = http.request(path.endsWith("/events") ? "HEAD" : method, path);
    token.ifPresent(
        it -> {
          var unused = request.bearer(it);
        });
    String body = line.body.replace("{me}", me.uuid().reveal());
    return (body.isEmpty() ? request : request.body(body, "application/json")).send();
  }

  private long auditRows() {
    return dispatcher.database.number("select count(*) from audit");
  }

  @Test
  void hasALineForEveryEndpoint() {
    Set<String> served = new TreeSet<>();
    new HttpApi(dispatcher.vertx, HttpSettings.local(0), dispatcher.services())
        .endpoints()
        .forEach(endpoint -> served.add(endpoint.method() + " " + endpoint.path()));
    // The files of the page at /docs.
    served.removeIf(endpoint -> endpoint.startsWith("GET /docs/"));

    assertThat(lines.keySet()).isEqualTo(served);
  }

  @Test
  void isWhatEndpointsDeclare() {
    Map<String, Access> declared = new TreeMap<>();
    new HttpApi(dispatcher.vertx, HttpSettings.local(0), dispatcher.services())
        .endpoints()
        .forEach(
            endpoint -> declared.put(endpoint.method() + " " + endpoint.path(), endpoint.access()));

    lines.forEach(
        (endpoint, line) ->
            assertThat(declared).as(endpoint).containsEntry(endpoint, line.who.access()));
  }

  @Test
  void refusesAllForWhomAnEndpointIsNotAndDoesNothingForThem() {
    long before = auditRows();
    lines.forEach(
        (endpoint, line) -> {
          for (Caller caller : Caller.values()) {
            int refusal = line.who.refusal(caller);
            if (refusal == 0) {
              continue;
            }
            dispatcher.asked.clear();
            HttpResponse<byte[]> response = ask(endpoint, line, token(caller), user(caller));
            String what = endpoint + " by " + caller + ": " + Http.text(response);
            assertThat(response.statusCode()).as(what).isEqualTo(refusal);
            assertThat(dispatcher.asked).as(what).allMatch(CheckAdmission.class::isInstance);
          }
        });
    assertThat(auditRows()).as("what operators have changed").isEqualTo(before);
  }

  /** The services behind aren't there, so that 503 is as good as it gets. */
  @Test
  void letsThroughAllForWhomAnEndpointIs() {
    lines.forEach(
        (endpoint, line) -> {
          for (Caller caller : Caller.values()) {
            if (line.who.refusal(caller) != 0) {
              continue;
            }
            HttpResponse<byte[]> response = ask(endpoint, line, token(caller), user(caller));
            String what = endpoint + " by " + caller + ": " + Http.text(response);
            if (line.who == For.EVERYBODY) {
              assertThat(response.statusCode()).as(what).isNotIn(400, 401, 403, 405, 415, 500);
            } else {
              // There is no demo in these tests, which only who is let through is told.
              boolean noDemo = endpoint.contains("/demo/") && response.statusCode() == 404;
              assertThat(noDemo || !NOT_LET_THROUGH.contains(response.statusCode()))
                  .as(what)
                  .isTrue();
            }
          }
        });
  }

  /**
   * No matter who is named in the body, what is asked for is asked for the token's owner, or
   * refused.
   */
  @Test
  void doesNothingInAnothersName() {
    User victim = dispatcher.guest();
    User thief = user(Caller.ADMITTED);
    for (String token : List.of(dispatcher.queueToken(thief), dispatcher.accessToken(thief))) {
      lines.forEach(
          (endpoint, line) -> {
            if (line.who == For.EVERYBODY) {
              return;
            }
            dispatcher.asked.clear();
            HttpResponse<byte[]> response = ask(endpoint, line, Optional.of(token), victim);
            String what = endpoint + ": " + Http.text(response);
            assertThat(dispatcher.asked.toString())
                .as(what)
                .doesNotContain(victim.number().toString(), victim.uuid().value().toString());
            if (line.body.contains("{me}")) {
              assertThat(response.statusCode()).as(what).isEqualTo(401);
              assertThat(dispatcher.asked).as(what).isEmpty();
            }
          });
    }
  }
}
