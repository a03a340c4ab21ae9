package io.concert.http.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.http.web.DispatcherFixture;
import io.concert.http.web.Http;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookRoutesIT {
  private static final String ALL = "/api/v1/admin/webhooks";

  private final DispatcherFixture dispatcher = DispatcherFixture.shared();
  private final Http http = dispatcher.http();

  @BeforeEach
  @AfterEach
  void none() {
    dispatcher.database.execute(
        "delete from webhook; delete from event; delete from event_lane; delete from outbox;"
            + " update event_setting set by_webhooks = false, by_setting = false, deleted_to = 0");
  }

  private Http.Request post(String path, JsonObject body) {
    return http.post(path).bearer(DispatcherFixture.OPERATOR).json(body);
  }

  private static JsonObject to(String url) {
    return new JsonObject().put("url", url);
  }

  private JsonObject make() {
    return post(ALL, to("http://127.0.0.1:9/hook?token=hush")).expect(201);
  }

  private JsonObject get(String path) {
    return http.get(path).bearer(DispatcherFixture.VIEWER).expect(200);
  }

  private long audited(String action, String subject) {
    return dispatcher.database.number(
        "select count(*) from audit where action = '%s' and subject = '%s'"
            .formatted(action, subject));
  }

  private void publish(int events) {
    dispatcher.database.execute(
        "insert into outbox (kind, at, schedule_id, seat, user_number, bill_id, price)"
            + " select 1, '2031-05-01T10:00:00.123456Z', 12, n, 5, n, 9000 from generate_series(1, %d) n;"
                .formatted(events));
    dispatcher.database.execute("select publish_events(100)");
  }

  @Test
  void tellsTheSecretOnceAndWritesEventsFromThenOn() {
    JsonObject made = make();
    String id = made.getString("id");
    assertThat(Base64.getDecoder().decode(made.getString("secret"))).hasSize(32);
    assertThat(made.getString("keyId")).isEqualTo("k1");
    assertThat(made.getJsonArray("kinds")).hasSize(6);

    assertThat(get(ALL + "/" + id).containsKey("secret")).isFalse();
    assertThat(get(ALL).getJsonArray("items").getJsonObject(0).containsKey("secret")).isFalse();
    assertThat(dispatcher.database.number("select count(*) from event_setting where by_webhooks"))
        .isEqualTo(1);
    assertThat(audited("webhook.create", id)).isEqualTo(1);
    assertThat(
            dispatcher.database.number(
                "select count(*) from audit where detail::text like '%hush%' or detail::text like '%"
                    + made.getString("secret")
                    + "%'"))
        .isZero();

    assertThat(
            http.request("DELETE", ALL + "/" + id)
                .bearer(DispatcherFixture.OPERATOR)
                .send()
                .statusCode())
        .isEqualTo(204);
    assertThat(audited("webhook.delete", id)).isEqualTo(1);
    assertThat(dispatcher.database.number("select count(*) from event_setting where by_webhooks"))
        .isZero();
    assertThat(dispatcher.database.number("select count(*) from webhook_key")).isZero();
    http.get(ALL + "/" + id).bearer(DispatcherFixture.VIEWER).expect(404);
    http.request("DELETE", ALL + "/" + id).bearer(DispatcherFixture.OPERATOR).expect(404);
  }

  @Test
  void aKeyMakesOneAndTellsTheSameSecretAgain() {
    String key = "key-" + System.nanoTime();
    JsonObject body = to("http://127.0.0.1:9/hook");
    JsonObject first = post(ALL, body).header("Idempotency-Key", key).expect(201);
    HttpResponse<byte[]> again = post(ALL, body).header("Idempotency-Key", key).send();
    assertThat(again.statusCode()).isEqualTo(201);
    assertThat(again.headers().firstValue("Idempotent-Replayed")).contains("true");
    JsonObject repeated = new JsonObject(Http.text(again));
    assertThat(repeated.getString("id")).isEqualTo(first.getString("id"));
    assertThat(repeated.getString("secret")).isEqualTo(first.getString("secret"));
    assertThat(dispatcher.database.number("select count(*) from webhook")).isEqualTo(1);
    assertThat(
            dispatcher.database.number(
                "select count(*) from idempotency_key where answer::text like '%"
                    + first.getString("secret")
                    + "%'"))
        .as("it isn't kept a second time")
        .isZero();
    post(ALL, to("http://127.0.0.1:10/")).header("Idempotency-Key", key).expect(422);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'url':7}",
        "{'url':'nowhere'}",
        "{'url':'http://example.com/'}",
        "{'url':'https://localhost/'}",
        "{'url':'https://10.0.0.1/'}",
        "{'url':'https://[::1]/'}",
        "{'url':'https://169.254.169.254/latest/meta-data'}",
        "{'url':'http://127.0.0.1:9/','kinds':[]}",
        "{'url':'http://127.0.0.1:9/','kinds':['bought']}",
        "{'url':'http://127.0.0.1:9/','after':'17'}",
        "{'url':'http://127.0.0.1:9/','secret':'mine'}"
      })
  void refusesWhatCantBe(String body) {
    JsonObject problem = post(ALL, new JsonObject(body.replace('\'', '"'))).expect(400);
    assertThat(problem.getString("code")).isEqualTo("MALFORMED");
    assertThat(dispatcher.database.number("select count(*) from webhook")).isZero();
  }

  @Test
  void changesWhatIsNamed() {
    String id = make().getString("id");
    String one = ALL + "/" + id;
    JsonObject changed =
        http.patch(one)
            .bearer(DispatcherFixture.OPERATOR)
            .json(new JsonObject().put("kinds", new JsonArray().add("sold")).put("active", false))
            .expect(200);
    assertThat(changed.getJsonArray("kinds")).containsExactly("sold");
    assertThat(changed.getBoolean("active")).isFalse();
    assertThat(changed.getString("url")).isEqualTo("http://127.0.0.1:9/hook?token=hush");
    assertThat(changed.containsKey("secret")).isFalse();
    JsonObject rotated =
        http.patch(one)
            .bearer(DispatcherFixture.OPERATOR)
            .json(new JsonObject().put("newSecret", true))
            .expect(200);
    assertThat(rotated.getString("keyId")).isEqualTo("k2");
    assertThat(rotated.getString("secret")).isNotBlank();
    assertThat(audited("webhook.change", id)).isEqualTo(2);
    http.patch(one).bearer(DispatcherFixture.OPERATOR).json(new JsonObject()).expect(400);
    http.patch(one).bearer(DispatcherFixture.OPERATOR).json(to("https://192.168.0.1/")).expect(400);
    http.patch(ALL + "/w999999")
        .bearer(DispatcherFixture.OPERATOR)
        .json(new JsonObject().put("active", true))
        .expect(404);
  }

  @Test
  void twentyAreEnough() {
    for (int i = 0; i < 20; i++) {
      assertThat(make().getString("id")).startsWith("w");
    }
    assertThat(post(ALL, to("http://127.0.0.1:9/")).expect(400).getString("detail"))
        .contains("as many webhooks");
    JsonObject page = http.get(ALL + "?limit=15").bearer(DispatcherFixture.VIEWER).expect(200);
    assertThat(page.getJsonArray("items")).hasSize(15);
    assertThat(get(ALL + "?limit=15&after=" + page.getString("next")).getJsonArray("items"))
        .hasSize(5);
  }

  @Test
  void listsEventsByPagesAndSaysWhenSomeAreGone() {
    publish(5);
    JsonObject first = get("/api/v1/admin/events?limit=3");
    assertThat(first.getJsonArray("items")).hasSize(3);
    JsonObject event = first.getJsonArray("items").getJsonObject(0);
    String expected =
        "{\"id\":\"%s\",\"kind\":\"sold\",\"at\":\"2031-05-01T10:00:00.123Z\",\"scheduleId\":\"s12\","
            + "\"seatId\":\"s12-1\",\"user\":5,\"billId\":\"b1\",\"price\":9000}";
    assertThat(event.encode()).isEqualTo(expected.formatted(event.getString("id")));
    JsonObject rest = get("/api/v1/admin/events?after=" + first.getString("next"));
    assertThat(rest.getJsonArray("items")).hasSize(2);
    assertThat(rest.getString("next")).isNull();

    dispatcher.database.execute("update event set published_at = now() - interval '9 days'");
    dispatcher.database.execute("select delete_old_events(7, 100)");
    http.get("/api/v1/admin/events?after=" + event.getString("id"))
        .bearer(DispatcherFixture.VIEWER)
        .expect(410);
    assertThat(get("/api/v1/admin/events").getJsonArray("items")).isEmpty();
    http.get("/api/v1/admin/events?after=17").bearer(DispatcherFixture.VIEWER).expect(400);
    String id = make().getString("id");
    post(ALL + "/" + id + "/replay", new JsonObject().put("after", event.getString("id")))
        .expect(400);
  }

  @Test
  void replaysAndRedelivers() {
    String one = ALL + "/" + make().getString("id");
    String id = one.substring(ALL.length() + 1);
    publish(4);
    String second =
        get("/api/v1/admin/events").getJsonArray("items").getJsonObject(1).getString("id");
    dispatcher.database.execute(
        "insert into dead_letter (webhook_id, cursor, attempts, error) select %s, cursor, 15, 'answered with status 500' from event order by cursor limit 3"
            .formatted(id.substring(1)));

    JsonArray dead = get(one + "/dead-letters").getJsonArray("items");
    assertThat(dead).hasSize(3);
    assertThat(dead.getJsonObject(1).getJsonObject("event").getString("id")).isEqualTo(second);
    assertThat(dead.getJsonObject(1).getInteger("attempts")).isEqualTo(15);
    assertThat(get(one).getLong("deadLetters")).isEqualTo(3);

    assertThat(
            post(
                    one + "/dead-letters/redeliver",
                    new JsonObject().put("events", new JsonArray().add(second)))
                .expect(200)
                .getLong("events"))
        .isEqualTo(1);
    assertThat(
            get(one + "/dead-letters")
                .getJsonArray("items")
                .getJsonObject(1)
                .getBoolean("redelivering"))
        .isTrue();
    HttpResponse<byte[]> all =
        http.post(one + "/dead-letters/redeliver").bearer(DispatcherFixture.OPERATOR).send();
    assertThat(new JsonObject(Http.text(all)).getLong("events")).isEqualTo(3);

    assertThat(
            post(one + "/replay", new JsonObject().put("after", second))
                .expect(200)
                .getLong("events"))
        .isEqualTo(2);
    assertThat(get(one).getLong("deadLetters")).as("those after it are forgotten").isEqualTo(2);
    assertThat(get(one).getLong("oldestUndeliveredSeconds")).isNotNull();
    assertThat(audited("webhook.replay", id)).isEqualTo(1);
    assertThat(audited("webhook.redeliver", id)).isEqualTo(2);
    post(one + "/replay", new JsonObject()).expect(400);
    post(ALL + "/w999999/replay", new JsonObject().put("after", "e0")).expect(404);
    http.get(ALL + "/w999999/dead-letters").bearer(DispatcherFixture.VIEWER).expect(404);
  }
}
