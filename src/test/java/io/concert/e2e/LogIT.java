package io.concert.e2e;

import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.concert.e2e.TestService.Sale;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What two running nodes write, at the level that writes the most. */
class LogIT {
  private static final String SECRET = "hunter2-hunter2-hunter2";
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String LEVEL = "/api/v1/admin/log-level";

  private static TestService service;
  private static ServiceProcess node;
  private static ServiceProcess other;
  private static Sale sale;

  @BeforeAll
  static void start() {
    service = new TestService(Map.of("LOG_LEVEL", "debug", "LOG_FORMAT", "json"));
    node = service.startNode();
    other = service.startNode();
    sale = service.openSale(node, 4, 1_000);
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  private static int send(String method, String path, String id, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port() + path))
            .header("X-Request-Id", id)
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString()).statusCode();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** The program's own; what it says when it is up is for whoever started it. */
  private static List<JsonNode> lines(ServiceProcess of) {
    List<JsonNode> lines = new ArrayList<>();
    of.log()
        .lines()
        .filter(line -> line.startsWith("{"))
        .forEach(
            line -> {
              try {
                lines.add(new ObjectMapper().readTree(line));
              } catch (JsonProcessingException e) {
                throw new AssertionError("no JSON: " + line, e);
              }
            });
    return lines;
  }

  private static List<String> linesOf(String id) {
    return lines(node).stream()
        .map(line -> line.path("formattedMessage").asText())
        .filter(text -> (text + " ").matches("(?s).*id=" + id + "\\W.*"))
        .toList();
  }

  @Test
  void aFailedRequestIsOneLineWithItsIdAndWithoutSecrets() {
    Buyer buyer = Buyer.guest(node.api()).isAdmitted();
    String uuid = UUID.randomUUID().toString();
    String bearer = "Bearer " + SECRET;
    String json = "application/json";
    String holds = "/api/v1/reservations/seats";

    assertThat(
            send(
                "GET", "/api/v1/accounts/bills?token=" + SECRET, "f1", "", "Authorization", bearer))
        .isEqualTo(401);
    assertThat(send("GET", "/" + uuid + "/x?" + SECRET, "f2", "", "Cookie", "a=" + SECRET))
        .isEqualTo(404);
    assertThat(send("POST", "/api/v1/users/queueEntity", "f3", "{\"uuid\":\"" + uuid + "\"}"))
        .isEqualTo(401);
    assertThat(
            send(
                "POST",
                "/api/v1/users/login",
                "f4",
                "{\"email\":\"" + SECRET + "@example.com\",\"password\":\"" + SECRET + "\"}",
                "Content-Type",
                json))
        .isEqualTo(401);
    assertThat(send("POST", "/api/v1/users/login", "f5", "{" + SECRET, "Content-Type", json))
        .isEqualTo(400);
    assertThat(
            send(
                "POST",
                holds,
                "f6",
                "{\"scheduleId\":\"" + SECRET + "\"}",
                "Authorization",
                "Bearer " + buyer.token(),
                "Idempotency-Key",
                SECRET))
        .isEqualTo(400);
    assertThat(send("PUT", LEVEL, "f7", "{}", "Authorization", bearer, "Content-Type", json))
        .isEqualTo(401);
    assertThat(send("GET", "/api/v1/concerts", SECRET + "\u00e9", "")).isEqualTo(200);
    buyer.charges(sale.price());
    buyer.buys(sale.scheduleId(), sale.seatId(0));

    for (int i = 1; i <= 7; i++) {
      String id = "f" + i;
      until("a line for " + id, PATIENCE, () -> !linesOf(id).isEmpty());
      assertThat(linesOf(id)).as(id).hasSize(1);
    }
    for (ServiceProcess one : List.of(node, other)) {
      assertThat(lines(one)).isNotEmpty();
      assertThat(one.log())
          .doesNotContain(
              SECRET, uuid, buyer.uuid(), buyer.token(), TestService.ADMIN_TOKEN, "\"seatId\"");
    }
  }

  @Test
  void levelIsChangedOnAllNodesWhileTheyRun() {
    Api api = node.api();
    assertThat(api.get(LEVEL, TestService.ADMIN_TOKEN).mustBe(200).text("level"))
        .isEqualTo("debug");

    set("warn").mustBe(200);
    until("the other node has heard", PATIENCE, () -> level(other).equals("warn"));
    assertThat(level(node)).isEqualTo("warn");
    String quiet = "quiet" + System.nanoTime();
    send("GET", "/api/v1/concerts", quiet, "");
    assertThat(linesOf(quiet)).isEmpty();

    set("debug").mustBe(200);
    until("the other node has heard", PATIENCE, () -> level(other).equals("debug"));
    String loud = "loud" + System.nanoTime();
    send("GET", "/api/v1/concerts", loud, "");
    until("a line", PATIENCE, () -> linesOf(loud).size() == 1);

    JsonNode newest =
        api.get("/api/v1/admin/audit?limit=1", TestService.ADMIN_TOKEN).body().at("/items/0");
    assertThat(newest.path("action").asText()).isEqualTo("log.level");
    assertThat(newest.at("/detail/level").asText()).isEqualTo("debug");
    assertThat(newest.path("operator").asText()).isEqualTo("tester");
  }

  @Test
  void whatIsNoLevelChangesNothing() {
    String before = level(node);
    for (String wrong :
        List.of("{\"level\":\"trace\"}", "{\"level\":\"DEBUG\"}", "{}", "{\"level\":7}")) {
      node.api().send("PUT", LEVEL, TestService.ADMIN_TOKEN, wrong).mustBeProblem(400, "MALFORMED");
    }
    assertThat(level(node)).isEqualTo(before);
  }

  private static Answer set(String level) {
    return node.api().send("PUT", LEVEL, TestService.ADMIN_TOKEN, "{\"level\":\"" + level + "\"}");
  }

  private static String level(ServiceProcess of) {
    return of.api().get(LEVEL, TestService.ADMIN_TOKEN).mustBe(200).text("level");
  }
}
