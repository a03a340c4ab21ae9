package io.concert.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.http.AccessCallers.Caller;
import io.concert.http.AccessCallers.For;
import io.concert.http.web.Access;
import io.concert.http.web.DispatcherFixture;
import io.concert.http.web.Http;
import io.concert.queue.api.QueueMessages.CheckAdmission;
import io.concert.user.User;
import java.net.http.HttpResponse;
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
  /** Of somebody who was let through none of these is the answer. */
  private static final Set<Integer> NOT_LET_THROUGH =
      Set.of(400, 401, 403, 404, 405, 413, 415, 429, 500);

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
  private final AccessCallers callers = new AccessCallers(dispatcher);

  @BeforeEach
  void setUp() {
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
            .replace("/users/{number}", "/users/" + callers.user(Caller.ADMITTED).number().number())
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
            HttpResponse<byte[]> response =
                ask(endpoint, line, callers.token(caller), callers.user(caller));
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
            HttpResponse<byte[]> response =
                ask(endpoint, line, callers.token(caller), callers.user(caller));
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
    User thief = callers.user(Caller.ADMITTED);
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
