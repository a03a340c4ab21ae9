package io.concert.e2e.page;

import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.concert.e2e.Answer;
import io.concert.e2e.ServiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the operator's page stands on, on the demo as a newcomer starts it. */
class OperatorViewIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int PEOPLE = 60;

  @TempDir private static Path data;

  private static ServiceProcess node;
  private static String token;

  @BeforeAll
  static void start() throws IOException {
    node =
        ServiceProcess.start(
            Map.of("DATA_DIR", data.toString(), "CLUSTER_NAME", "operator-" + System.nanoTime()));
    token = Files.readString(data.resolve("admin-token")).strip();
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void crowdQueuesBuysAndEnds() {
    Answer come =
        node.api()
            .post("/api/v1/admin/demo/crowd", token, Map.of("concertId", "c1", "people", PEOPLE))
            .mustBe(202);
    assertThat(come.number("coming")).isEqualTo(PEOPLE);
    // One at a time: the second is not let come, and changes nothing.
    node.api()
        .post("/api/v1/admin/demo/crowd", token, Map.of("concertId", "c1", "people", 5_000))
        .mustBe(200);

    until("everybody has been there", PATIENCE, () -> !crowd().path("underWay").asBoolean());
    JsonNode over = crowd();
    assertThat(over.path("bought").asInt() + over.path("gone").asInt()).isEqualTo(PEOPLE);
    assertThat(over.path("bought").asInt()).isGreaterThan(PEOPLE / 2);
    assertThat(over.path("waiting").asInt()).isZero();
    assertThat(over.path("inside").asInt()).isZero();
    until("the overview shows it", PATIENCE, () -> sum("bills") >= over.path("bought").asInt());
    until("seats and bills agree", PATIENCE, () -> sum("sold") == sum("bills"));
    assertThat(sum("sales")).isGreaterThanOrEqualTo(77_000L * sum("bills"));
    assertThat(
            node.api().get("/api/v1/admin/invariants", token).mustBe(200).body().path("violations"))
        .isEmpty();
  }

  private JsonNode crowd() {
    return node.api().get("/api/v1/admin/demo/crowd", token).mustBe(200).body();
  }

  private long sum(String field) {
    long sum = 0;
    Answer overview = node.api().get("/api/v1/admin/overview", token).mustBe(200);
    for (JsonNode schedule : overview.body().path("schedules")) {
      sum += schedule.path(field).asLong();
    }
    return sum;
  }

  @Test
  void crowdIsBounded() {
    for (Map<String, Object> body :
        List.<Map<String, Object>>of(
            Map.of("concertId", "c1", "people", 5_001),
            Map.of("concertId", "c1", "people", 0),
            Map.of("concertId", "c99", "people", 1),
            Map.of("people", 1))) {
      node.api().post("/api/v1/admin/demo/crowd", token, body).mustBeProblem(400, "MALFORMED");
    }
  }

  @Test
  void overviewIsForOperators() {
    for (String path : new String[] {"overview", "demo/crowd"}) {
      node.api().get("/api/v1/admin/" + path, null).mustBeProblem(401, "UNAUTHORIZED");
    }
    Answer overview = node.api().get("/api/v1/admin/overview", token).mustBe(200);
    assertThat(overview.body().path("rooms").path(0).path("id").asText()).isEqualTo("default");
    assertThat(overview.body().path("rooms").path(0).path("capacity").asInt()).isEqualTo(100);
    for (JsonNode date : overview.body().path("schedules")) {
      assertThat(
              date.path("free").asInt()
                  + date.path("held").asInt()
                  + date.path("sold").asInt()
                  + date.path("notForSale").asInt())
          .isEqualTo(date.path("seats").asInt());
    }
  }

  @Test
  void messageReachesThoseWhoWaitAndIsTakenBack() {
    tell("{\"text\":\"30분 늦게 시작합니다\"}").mustBe(200);
    until("it is told", PATIENCE, () -> message().asText().equals("30분 늦게 시작합니다"));
    tell("{\"text\":null}").mustBe(200);
    until("it is taken back", PATIENCE, () -> message().isNull());

    tell("{\"text\":\"  \"}").mustBeProblem(400, "MALFORMED");
    tell("{\"text\":\"" + "x".repeat(501) + "\"}").mustBeProblem(400, "MALFORMED");
    assertThat(message().isNull()).isTrue();
    node.api()
        .send("PUT", "/api/v1/admin/rooms/nowhere/message", token, "{\"text\":\"x\"}")
        .mustBeProblem(404, "NOT_FOUND");
    Answer audit = node.api().get("/api/v1/admin/audit", token).mustBe(200);
    assertThat(audit.body().path("items").findValuesAsText("action")).contains("room.message");
  }

  private static Answer tell(String body) {
    return node.api().send("PUT", "/api/v1/admin/rooms/default/message", token, body);
  }

  private static JsonNode message() {
    return node.api().get("/api/v1/rooms/default", null).mustBe(200).body().path("message");
  }

  @Test
  void previewShowsAPlanAndItsErrorsAndStoresNothing() {
    Answer plan =
        preview("section,row,seat_no,x,y,grade,price\nA,1,1,0,0,R,99000\nA,1,2,1,0,R,99000\n")
            .mustBe(200);
    assertThat(plan.body().path("sections").path(0).path("rows").path(0).path("seats")).hasSize(2);
    Answer wrong =
        preview("section,row,seat_no,x,y,grade,price\nA,1,1,0,0,R,-1\n")
            .mustBeProblem(400, "MALFORMED");
    assertThat(wrong.body().path("errors").path(0).asText()).contains("line 2");
  }

  private static Answer preview(String csv) {
    return node.api().sendAs("text/csv", "POST", "/api/v1/admin/layouts/preview", token, csv);
  }
}
