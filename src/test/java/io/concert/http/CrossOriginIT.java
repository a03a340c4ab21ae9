package io.concert.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.Chromium;
import io.concert.domain.Won;
import io.concert.http.access.JoinLimits;
import io.concert.http.web.DispatcherFixture;
import io.concert.http.web.Http;
import io.concert.payment.PaymentMessages;
import io.concert.payment.PaymentMessages.Charge;
import io.concert.payment.PaymentMessages.Charged;
import io.concert.user.User;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A front end on another origin, in a real browser: what it may send, and what it can read. */
class CrossOriginIT {
  private final DispatcherFixture dispatcher = DispatcherFixture.shared();
  private final User guest = dispatcher.guest();
  private final Promise<JsonObject> report = Promise.promise();
  private final AtomicReference<String> page = new AtomicReference<>("");
  private final HttpServer site =
      dispatcher
          .vertx
          .createHttpServer()
          .requestHandler(this::serve)
          .listen(0, "127.0.0.1")
          .await();

  /** The page, and its own address to say at what it saw. */
  private void serve(HttpServerRequest request) {
    if (request.path().equals("/report")) {
      request
          .body()
          .onSuccess(
              body -> {
                request.response().end();
                report.tryComplete(new JsonObject(body));
              });
    } else if (request.path().equals("/")) {
      request.response().putHeader("Content-Type", "text/html; charset=utf-8").end(page.get());
    } else {
      request.response().setStatusCode(404).end();
    }
  }

  @AfterEach
  void closeSite() {
    site.close().await();
  }

  private JsonObject whatABrowserSees(String script) throws Exception {
    return whatABrowserSees(script, itself() + "/");
  }

  /**
   * @param start where the browser begins; it must lead to this site in the end
   */
  private JsonObject whatABrowserSees(String script, String start) throws Exception {
    page.set(
        """
        <!doctype html><meta charset="utf-8"><title>front end</title>
        <script type="module">
        const seen = {};
        try {
          %s
        } catch (failure) {
          seen.failure = String(failure);
        }
        await fetch("/report", {method: "POST", body: JSON.stringify(seen)});
        </script>
        """
            .formatted(script));
    try (var browser = Chromium.open(start)) {
      assertThat(browser).isNotNull();
      return report.future().toCompletionStage().toCompletableFuture().get(2, TimeUnit.MINUTES);
    }
  }

  private static HttpSettings allowing(String... origins) {
    HttpSettings local = HttpSettings.local(0);
    return new HttpSettings(
        "127.0.0.1",
        0,
        local.chargePolicy(),
        local.balanceCeiling(),
        List.of(origins),
        100,
        4,
        JoinLimits.OFF,
        HttpSettings.DEFAULT_OVERLOAD_DELAY);
  }

  private String itself() {
    return "http://127.0.0.1:" + site.actualPort();
  }

  @Test
  void sendsKeysAndReadsWhatTheContractPromises() throws Exception {
    dispatcher.script(PaymentMessages.CHARGE, (Charge charge) -> new Charged(new Won(5), true));
    Http http = dispatcher.http(allowing(itself()));

    JsonObject seen =
        whatABrowserSees(
            """
            const api = "http://127.0.0.1:%d/api/v1";
            const charge = await fetch(api + "/accounts/balances", {
              method: "PATCH",
              headers: {"Content-Type": "application/json", "Idempotency-Key": "once",
                "X-Request-Id": "mine", "Authorization": "Bearer %s"},
              body: JSON.stringify({userId: "%s", balanceAdjustment: 5})});
            seen.status = charge.status;
            seen.replayed = charge.headers.get("Idempotent-Replayed");
            seen.requestId = charge.headers.get("X-Request-Id");
            const unknown = await fetch(api + "/accounts/bills");
            seen.unknown = unknown.status;
            seen.challenge = unknown.headers.get("WWW-Authenticate");
            const layout = await fetch(api + "/schedules/%s/layout", {headers: {"If-None-Match": "x"}});
            seen.tag = layout.headers.get("ETag");
            """
                .formatted(
                    http.port(),
                    dispatcher.queueToken(guest),
                    guest.uuid().reveal(),
                    dispatcher.schedule));

    assertThat(seen.getString("failure")).isNull();
    assertThat(seen.getInteger("status")).isEqualTo(200);
    assertThat(seen.getString("replayed")).isEqualTo("true");
    assertThat(seen.getString("requestId")).isEqualTo("mine");
    assertThat(seen.getInteger("unknown")).isEqualTo(401);
    assertThat(seen.getString("challenge")).isEqualTo("Bearer");
    assertThat(seen.getString("tag")).startsWith("\"");
  }

  /** A plan is kept for a year, also if a page that needed no leave fetched it first. */
  @Test
  void readsWhatTheBrowserHasKeptForAPageOfTheServiceItself() throws Exception {
    String layout = "/api/v1/schedules/" + dispatcher.schedule + "/layout";
    String version = dispatcher.http().get(layout).expect(200).getString("version");
    String plan = layout + "?v=" + version;
    Router router = Router.router(dispatcher.vertx);
    router
        .get("/page.html")
        .handler(
            context ->
                context
                    .response()
                    .putHeader("Content-Type", "text/html; charset=utf-8")
                    .end(
                        """
                        <!doctype html><script type="module">
                        await (await fetch("%s")).text();
                        location.href = "%s/";
                        </script>
                        """
                            .formatted(plan, itself())));
    router
        .route("/*")
        .subRouter(
            new HttpApi(dispatcher.vertx, allowing(itself()), dispatcher.services())
                .router(dispatcher.vertx));
    HttpServer service =
        dispatcher.vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1").await();

    JsonObject seen =
        whatABrowserSees(
            "seen.version = (await (await fetch('http://127.0.0.1:%d%s')).json()).version;"
                .formatted(service.actualPort(), plan),
            "http://127.0.0.1:" + service.actualPort() + "/page.html");
    service.close().await();

    assertThat(seen.getString("failure")).isNull();
    assertThat(seen.getString("version")).isEqualTo(version);
  }

  @Test
  void readsNothingWithoutLeave() throws Exception {
    Http http = dispatcher.http(allowing("https://tickets.example.com"));

    JsonObject seen =
        whatABrowserSees(
            "await fetch('http://127.0.0.1:%d/api/v1/concerts');".formatted(http.port()));

    assertThat(seen.getString("failure")).contains("Failed to fetch");
  }
}
