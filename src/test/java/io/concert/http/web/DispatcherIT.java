package io.concert.http.web;

import static io.concert.Patience.letPass;
import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.Won;
import io.concert.http.HttpApi;
import io.concert.http.HttpSettings;
import io.concert.http.HttpVerticle;
import io.concert.http.access.JoinLimits;
import io.concert.http.payments.ChargePolicy;
import io.concert.payment.PaymentMessages;
import io.concert.payment.PaymentMessages.AskBalance;
import io.concert.payment.PaymentMessages.Balance;
import io.concert.user.User;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for every request, whatever it asks for. */
class DispatcherIT {
  private static final String BALANCES = "/api/v1/accounts/balances";
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final DispatcherFixture dispatcher = DispatcherFixture.shared();
  private final Http http = dispatcher.http();
  private final User guest = dispatcher.guest();

  private JsonObject ask() {
    return new JsonObject().put("userId", guest.uuid().reveal());
  }

  @Test
  void keepsASaneRequestIdAndReplacesAnother() {
    assertThat(requestId("a.B_9-" + "x".repeat(58))).isEqualTo("a.B_9-" + "x".repeat(58));
    for (String offered : List.of("", "x".repeat(65), "a b", "a\"b", "<script>")) {
      assertThat(requestId(offered)).matches("[0-9a-f]{32}");
    }
  }

  private String requestId(String offered) {
    return http.get("/nothing")
        .header("X-Request-Id", offered)
        .expect(404, "NOT_FOUND")
        .getString("requestId");
  }

  @Test
  void knowsNoOtherPaths() {
    for (String path : List.of("/api", "/api/v1/users/x", "/docs/../x", "/docs/x.js", "/web/x")) {
      http.get(path).expect(404, "NOT_FOUND");
    }
  }

  @Test
  void saysWhichMethodsAPathHas() {
    HttpResponse<byte[]> response = http.request("DELETE", BALANCES).send();
    Http.problemOf(response);
    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("Allow")).contains("PATCH");

    HttpResponse<byte[]> get = http.request("BREW", "/api/v1/reservations/seats/s1").send();
    assertThat(get.statusCode()).isEqualTo(405);
    assertThat(get.headers().firstValue("Allow")).contains("GET, HEAD");
    http.request("OPTIONS", BALANCES).expect(405, "METHOD_NOT_ALLOWED");
    http.get("/api/v1/reservations/seats").expect(405, "METHOD_NOT_ALLOWED");
  }

  @Test
  void answersHeadLikeGetWithoutTheBody() {
    HttpResponse<byte[]> response = http.request("HEAD", "/health/live").send();

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Length")).contains("17");
    assertThat(response.body()).isEmpty();
  }

  @Test
  void refusesBodiesOver64KilobytesHoweverTheyCome() throws IOException {
    byte[] fits = padded(64 * 1024);
    dispatcher.script(PaymentMessages.ASK_BALANCE, (AskBalance asked) -> new Balance(new Won(1)));

    http.patch(BALANCES).body(fits).expect(200);
    http.patch(BALANCES).body(padded(64 * 1024 + 1)).expect(413, "BODY_TOO_LARGE");
    http.patch(BALANCES).body(padded(5_000_000)).expect(413, "BODY_TOO_LARGE");
    assertThat(
            RawHttp.say(
                http.port(),
                PATIENCE,
                "PATCH " + BALANCES + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
                "ffff\r\n" + "x".repeat(0xffff) + "\r\n",
                "2\r\nxx\r\n0\r\n\r\n"))
        .startsWith("HTTP/1.1 413 ")
        .contains("BODY_TOO_LARGE");
    assertThat(
            RawHttp.say(
                http.port(),
                PATIENCE,
                "PATCH "
                    + BALANCES
                    + " HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n"))
        .startsWith("HTTP/1.1 413 ");
  }

  /** A body of this many bytes that would be right. */
  private byte[] padded(int bytes) {
    String body = ask().encode();
    return (body + " ".repeat(bytes - body.length())).getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void doesNotWaitForeverForABody() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), http.port())) {
      socket.setSoTimeout(100);
      OutputStream out = socket.getOutputStream();
      String head = "PATCH " + BALANCES + " HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n";
      out.write(head.getBytes(StandardCharsets.US_ASCII));
      long started = System.nanoTime();
      String said = "";
      while (!said.contains("HTTP/1.1 400") && System.nanoTime() - started < 13e9) {
        out.write('{');
        out.flush();
        said += RawHttp.readAll(socket).replace("\n(silent)", "");
      }
      Duration waited = Duration.ofNanos(System.nanoTime() - started);
      assertThat(said).contains("HTTP/1.1 400", "MALFORMED", "arrive");
      assertThat(waited).isBetween(Duration.ofSeconds(9), Duration.ofSeconds(12));
    }
  }

  @Test
  void goesOnAfterAProblemOnTheSameConnection() throws IOException {
    String bad = "PATCH " + BALANCES + " HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n{";
    String good = "GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

    assertThat(RawHttp.say(http.port(), PATIENCE, bad, good))
        .startsWith("HTTP/1.1 400 ")
        .contains("HTTP/1.1 200 OK")
        .endsWith("{\"status\":\"live\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HELLO\r\n\r\n",
        "GET /api/v1/concerts HTTP/1.1\r\n\r\n",
        "GET /api/v1/concerts/%zz HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /api/v1/concerts?limit=%zz HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /api/v1/concerts/%c0%ae HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /api/v1/concerts HTTP/1.1\r\nHost: x\r\nBad Header: y\r\n\r\n",
        "GET /api/v1/concerts HTTP/1.1\r\nHost: x\r\nX: {long}\r\n\r\n",
        "GET /{long} HTTP/1.1\r\nHost: x\r\n\r\n",
        "PATCH /api/v1/accounts/balances HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        "PATCH /api/v1/accounts/balances HTTP/1.1\r\nHost: x\r\nContent-Length: abc\r\n\r\n",
      })
  void answersWhatIsNotHttpWithAProblem(String request) throws IOException {
    String said = RawHttp.say(http.port(), PATIENCE, request.replace("{long}", "x".repeat(9_000)));

    assertThat(said).matches("(?s)HTTP/1\\.[01] 4\\d\\d .*").contains("application/problem+json");
    assertThat(said).contains("\"requestId\"").doesNotContain("Exception", "io.vertx", "netty");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "br", "identity, gzip", "gzip, gzip", "x-unknown"})
  void refusesEncodedBodies(String encoding) {
    http.patch(BALANCES)
        .header("Content-Encoding", encoding)
        .body(ask().encode())
        .expect(415, "UNSUPPORTED_MEDIA_TYPE");
  }

  @Test
  void answersABrokenBodyAndGoesOnServing() throws IOException {
    String broken = "POST /api/v1/users HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";

    assertThat(RawHttp.say(http.port(), PATIENCE, broken, "zz\r\n"))
        .startsWith("HTTP/1.1 400 ")
        .contains("MALFORMED", "\"requestId\"")
        .doesNotContain("(silent)");
    http.get("/health/live").expect(200);
  }

  @Test
  void givesUpOnAServiceThatNeverAnswers() {
    Promise<Balance> never = Promise.promise();
    dispatcher.scriptAsync(PaymentMessages.ASK_BALANCE, (AskBalance asked) -> never.future());

    http.patch(BALANCES).json(ask()).expect(504, "OUTCOME_UNKNOWN");
  }

  @Test
  void tellsNothingOfADefect() {
    dispatcher.scriptAsync(
        PaymentMessages.ASK_BALANCE,
        (AskBalance asked) -> Future.failedFuture(new IllegalStateException("secret")));

    JsonObject problem = http.patch(BALANCES).json(ask()).expect(500, "INTERNAL");

    assertThat(problem.encode()).doesNotContain("secret", "payment");
  }

  @Test
  void saysHowTheNodeIs() {
    assertThat(http.get("/health/live").expect(200).getString("status")).isEqualTo("live");
    assertThat(http.get("/health/started").expect(200).getString("status")).isEqualTo("started");
    dispatcher.degraded = Optional.of("database away");
    assertThat(http.get("/health/ready").expect(200))
        .isEqualTo(new JsonObject().put("status", "ready").put("degraded", "database away"));
    dispatcher.ready = false;
    HttpResponse<byte[]> response = http.get("/health/ready").send();
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("Retry-After")).isPresent();
    assertThat(http.get("/health/live").send().statusCode()).isEqualTo(200);
  }

  @Test
  void servesTheContractAndItsPage() {
    assertThat(text("/openapi.yaml", "application/yaml")).startsWith("openapi: 3.1");
    assertThat(text("/docs", "text/html; charset=utf-8"))
        .contains("/docs/swagger-ui-bundle.js")
        .doesNotContain("://");
    assertThat(text("/docs/start.js", "text/javascript; charset=utf-8")).contains("/openapi.yaml");
    assertThat(text("/docs/swagger-ui.css", "text/css; charset=utf-8")).contains(".swagger-ui");
    assertThat(text("/docs/swagger-ui-bundle.js", "text/javascript; charset=utf-8"))
        .contains("SwaggerUIBundle");
    assertThat(http.get("/docs/favicon-32x32.png").send().statusCode()).isEqualTo(200);
  }

  private String text(String path, String mediaType) {
    HttpResponse<byte[]> response = http.get(path).send();
    assertThat(response.statusCode()).as(path).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).contains(mediaType);
    assertThat(response.headers().firstValue("Content-Security-Policy")).isPresent();
    return Http.text(response);
  }

  @Test
  void letsOnlyTheNamedSitesPagesCall() throws IOException {
    Http open =
        dispatcher.http(
            new HttpSettings(
                "127.0.0.1",
                0,
                ChargePolicy.SELF,
                new Won(1),
                List.of("https://tickets.example.com"),
                100,
                4,
                JoinLimits.OFF,
                HttpSettings.DEFAULT_OVERLOAD_DELAY));
    String preflight =
        "OPTIONS /api/v1/users HTTP/1.1\r\nHost: h\r\nConnection: close\r\n"
            + "Access-Control-Request-Method: POST\r\nOrigin: ";

    assertThat(
            RawHttp.say(open.port(), PATIENCE, preflight + "https://tickets.example.com\r\n\r\n"))
        .startsWith("HTTP/1.1 204")
        .containsIgnoringCase("vary: origin")
        .contains("access-control-allow-origin: https://tickets.example.com");
    assertThat(RawHttp.say(open.port(), PATIENCE, preflight + "https://evil.example\r\n\r\n"))
        .startsWith("HTTP/1.1 403")
        .contains("FORBIDDEN");
    assertThat(RawHttp.say(open.port(), PATIENCE, preflight + "http://h\r\n\r\n"))
        .startsWith("HTTP/1.1 405");
    assertThat(RawHttp.say(http.port(), PATIENCE, preflight + "https://evil.example\r\n\r\n"))
        .startsWith("HTTP/1.1 405")
        .doesNotContain("access-control-allow-origin");
  }

  @Test
  void closesTheLongestIdleConnectionBeyondTheLimit() throws IOException {
    Http small =
        dispatcher.http(
            new HttpSettings(
                "127.0.0.1",
                0,
                ChargePolicy.SELF,
                new Won(1),
                List.of(),
                2,
                4,
                JoinLimits.OFF,
                HttpSettings.DEFAULT_OVERLOAD_DELAY));
    String request = "GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    try (Socket first = new Socket(InetAddress.getLoopbackAddress(), small.port());
        Socket second = new Socket(InetAddress.getLoopbackAddress(), small.port())) {
      for (Socket socket : List.of(first, second)) {
        socket.setSoTimeout(300);
        assertThat(RawHttp.readAll(socket)).isEqualTo("\n(silent)");
      }
      assertThat(sayOrReset(small.port(), request)).contains("200 OK");
      assertThat(RawHttp.readAll(first)).as("closed").isEmpty();
      assertThat(RawHttp.readAll(second)).isEqualTo("\n(silent)");
    }
  }

  @Test
  void answersWhatIsInFlightWhenItStops() {
    Promise<Balance> balance = Promise.promise();
    dispatcher.scriptAsync(PaymentMessages.ASK_BALANCE, (AskBalance asked) -> balance.future());
    HttpVerticle verticle =
        new HttpVerticle(
            new HttpApi(dispatcher.vertx, HttpSettings.local(0), dispatcher.services()));
    String id = dispatcher.vertx.deployVerticle(verticle).await();
    Http stopping = new Http(verticle.port());

    CompletableFuture<JsonObject> answer =
        CompletableFuture.supplyAsync(() -> stopping.patch(BALANCES).json(ask()).expect(200));
    until(() -> !dispatcher.asked.isEmpty());
    Future<Void> stopped = dispatcher.vertx.undeploy(id);
    letPass(Duration.ofMillis(200));
    assertThat(stopped.isComplete()).isFalse();
    assertThat(sayOrReset(stopping.port(), "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"))
        .isEmpty();
    balance.complete(new Balance(new Won(7)));

    assertThat(answer.join().getLong("balance")).isEqualTo(7);
    stopped.await();
  }

  private static String sayOrReset(int port, String request) {
    try {
      return RawHttp.say(port, PATIENCE, request);
    } catch (IOException e) {
      return "";
    }
  }
}
