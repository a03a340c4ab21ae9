package io.concert.http.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.http.web.DispatcherFixture;
import io.concert.http.web.Http;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminEdgeIT {
  private static final String CONCERTS = "/api/v1/admin/concerts";
  private static final String SCHEDULES = "/api/v1/admin/schedules";
  private static final String AUDIT = "/api/v1/admin/audit";

  private final DispatcherFixture dispatcher = DispatcherFixture.shared();
  private final Http http = dispatcher.http();
  private final String layout = SCHEDULES + "/" + dispatcher.schedule + "/layout";

  @Test
  void makesAConcertThatEverybodySees() {
    String id =
        http.post(CONCERTS)
            .bearer(DispatcherFixture.OPERATOR)
            .header("X-Request-Id", "make-1")
            .json(
                new JsonObject().put("title", "봄").put("venue", "고척").put("timeZone", "Asia/Seoul"))
            .expect(201)
            .getString("id");
    String date =
        http.post(SCHEDULES)
            .bearer(DispatcherFixture.OPERATOR)
            .json(
                new JsonObject()
                    .put("concertId", id)
                    .put("startsAt", "2031-05-01T19:30:00+09:00")
                    .put("opensAt", "2030-05-01T00:00:00Z")
                    .putNull("closesAt"))
            .expect(201)
            .getString("id");

    JsonObject concert = http.get("/api/v1/concerts/" + id).expect(200);
    assertThat(concert.remove("serverTime")).isNotNull();
    assertThat(concert)
        .isEqualTo(
            new JsonObject()
                .put("id", id)
                .put("title", "봄")
                .put("venue", "고척")
                .put("room", "default")
                .put("currency", "KRW")
                .put("timeZone", "Asia/Seoul")
                .put("holdLimit", 4)
                .put(
                    "schedules",
                    new JsonArray()
                        .add(
                            new JsonObject()
                                .put("id", date)
                                .put("startsAt", "2031-05-01T10:30:00.000Z")
                                .put("opensAt", "2030-05-01T00:00:00.000Z")
                                .putNull("closesAt")
                                .putNull("refundUntil")
                                .put("state", "NOT_YET_OPEN")
                                .put("seats", 0)
                                .putNull("layoutVersion")
                                .put("free", 0)
                                .putNull("priceFrom"))));
    JsonObject entry =
        http
            .get(AUDIT + "?limit=100")
            .bearer(DispatcherFixture.VIEWER)
            .expect(200)
            .getJsonArray("items")
            .stream()
            .map(JsonObject.class::cast)
            .filter(item -> item.getString("requestId").equals("make-1"))
            .findFirst()
            .orElseThrow();
    assertThat(entry.getString("operator")).isEqualTo("o");
    assertThat(entry.getString("subject")).isEqualTo(id);
  }

  @Test
  void needsAnOperatorOfTheRole() {
    for (String path :
        List.of(
            CONCERTS,
            SCHEDULES,
            SCHEDULES + "/" + dispatcher.schedule + "/open",
            SCHEDULES + "/" + dispatcher.schedule + "/close")) {
      http.post(path).body("{").expect(401, "UNAUTHORIZED");
      http.post(path).bearer("nobody-nobody-nobody").expect(401, "UNAUTHORIZED");
      http.post(path)
          .bearer(dispatcher.accessToken(dispatcher.guest()))
          .expect(401, "UNAUTHORIZED");
      http.post(path).bearer(DispatcherFixture.VIEWER).expect(403, "FORBIDDEN");
      http.post(path).bearer(DispatcherFixture.PAYMENTS).expect(403, "FORBIDDEN");
    }
    http.put(layout).body("x".repeat(70_000), "text/csv").expect(401, "UNAUTHORIZED");
    http.get(AUDIT).expect(401, "UNAUTHORIZED");
    http.get(AUDIT).bearer(DispatcherFixture.PAYMENTS).expect(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'title':'','venue':'V'}",
        "{'title':'T'}",
        "{'title':'T','venue':'V','room':'nowhere'}",
        "{'title':'T','venue':'V','room':'NO ROOM'}",
        "{'title':'T','venue':'V','timeZone':'Mars'}",
        "{'title':'T','venue':'V','timeZone':'+09:00'}",
        "{'title':'T','venue':'V','timeZone':'GMT+9'}",
        "{'title':'T','venue':'V','timeZone':'Z'}",
        "{'title':'T','venue':'V','timeZone':'UT'}",
        "{'title':'T','venue':'V','timeZone':'SystemV/PST8'}",
        "{'title':'T','venue':'V','timeZone':'asia/seoul'}",
        "{'title':'T','venue':'V','holdLimit':0}",
        "{'title':'T','venue':'V','holdLimit':4294967297}",
        "{'title':'T','venue':'V','more':1}",
      })
  void refusesConcertsThatMakeNoSense(String body) {
    http.post(CONCERTS).bearer(DispatcherFixture.OPERATOR).quoted(body).expect(400, "MALFORMED");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'concertId':'c999999','startsAt':'2031-05-01T19:30:00Z'}",
        "{'concertId':'x','startsAt':'2031-05-01T19:30:00Z'}",
        "{'concertId':'%s'}",
        "{'concertId':'%s','startsAt':'tomorrow'}",
        "{'concertId':'%s','startsAt':'2031-05-01T19:30:00'}",
        "{'concertId':'%s','startsAt':'+999999999-05-01T19:30:00Z'}",
        "{'concertId':'%s','startsAt':'2031-05-01T19:30:00Z',"
            + "'opensAt':'2031-01-02T00:00:00Z','closesAt':'2031-01-02T00:00:00Z'}",
        "{'concertId':'%s','startsAt':'2031-05-01T19:30:00Z','opensAt':'2031-05-01T19:30:00Z'}",
        "{'concertId':'%s','startsAt':'2020-05-01T19:30:00Z'}",
      })
  void refusesSchedulesThatMakeNoSense(String body) {
    http.post(SCHEDULES)
        .bearer(DispatcherFixture.OPERATOR)
        .quoted(body.replace("%s", dispatcher.concert))
        .expect(400, "MALFORMED");
  }

  @Test
  void importsASeatPlanAsJson() {
    String date = dispatcher.createSchedule(dispatcher.otherConcert);
    JsonObject plan =
        new JsonObject(
            """
            {"grades":[{"id":0,"name":"R","price":1000}],
             "sections":[{"name":"A","rows":[{"row":"1","seats":[{"no":"1","grade":0}]}]}]}
            """);

    JsonObject put =
        http.put(SCHEDULES + "/" + date + "/layout")
            .bearer(DispatcherFixture.OPERATOR)
            .json(plan)
            .expect(200);

    assertThat(put.getInteger("seats")).isOne();
    assertThat(put.getString("version")).isNotEmpty();
  }

  @Test
  void listsTheMistakesOfASeatPlanAndImportsNothing() {
    JsonObject problem =
        http.put(layout)
            .bearer(DispatcherFixture.OPERATOR)
            .body("section,row,seat_no,x,y,grade,price\nA,1,1,0,0,R,abc\n", "text/csv")
            .expect(400, "MALFORMED");

    assertThat(problem.getJsonArray("errors").getString(0)).contains("line 2", "price");
    http.put(layout)
        .bearer(DispatcherFixture.OPERATOR)
        .body("{", "application/json")
        .expect(400, "MALFORMED");
    http.put(layout)
        .bearer(DispatcherFixture.OPERATOR)
        .body("{}", "application/xml")
        .expect(415, "UNSUPPORTED_MEDIA_TYPE");
    http.put(layout).bearer(DispatcherFixture.OPERATOR).expect(415, "UNSUPPORTED_MEDIA_TYPE");
    http.put(SCHEDULES + "/s999999/layout")
        .bearer(DispatcherFixture.OPERATOR)
        .body("section,row,seat_no,x,y,grade,price\nA,1,1,0,0,R,1\n", "text/csv")
        .expect(404, "NOT_FOUND");
  }

  @Test
  void takesAStadiumButNoMore() {
    byte[] spaces = new byte[16 * 1024 * 1024 + 1];
    Arrays.fill(spaces, " ".getBytes(StandardCharsets.US_ASCII)[0]);

    http.put(layout)
        .bearer(DispatcherFixture.OPERATOR)
        .body(spaces)
        .header("Content-Type", "text/csv")
        .expect(413, "BODY_TOO_LARGE");
    http.put(layout)
        .bearer(DispatcherFixture.OPERATOR)
        .body(Arrays.copyOf(spaces, spaces.length - 1))
        .header("Content-Type", "text/csv")
        .expect(400, "MALFORMED");
  }

  @Test
  void refusesANewPlanOnceASeatWasHeld() {
    String date = dispatcher.createSchedule(dispatcher.otherConcert);
    dispatcher.database.execute(
        "update seat_claim set fence = nextval('fence'), hold_id = 1 where seat = 0"
            + " and schedule_id = "
            + date.substring(1));

    http.put(SCHEDULES + "/" + date + "/layout")
        .bearer(DispatcherFixture.OPERATOR)
        .body("section,row,seat_no,x,y,grade,price\nA,1,1,0,0,R,1\n", "text/csv")
        .expect(409, "SEAT_TAKEN");
  }

  @Test
  void opensAndClosesADate() {
    String path = SCHEDULES + "/" + dispatcher.otherSchedule;
    assertThat(http.post(path + "/close").bearer(DispatcherFixture.OPERATOR).expect(200))
        .isEqualTo(
            new JsonObject().put("scheduleId", dispatcher.otherSchedule).put("sale", "CLOSED"));
    assertThat(http.post(path + "/open").bearer(DispatcherFixture.OPERATOR).expect(200))
        .isEqualTo(
            new JsonObject().put("scheduleId", dispatcher.otherSchedule).put("sale", "OPEN"));
    http.post(SCHEDULES + "/s999999/open")
        .bearer(DispatcherFixture.OPERATOR)
        .expect(404, "NOT_FOUND");
    http.post(SCHEDULES + "/x/open").bearer(DispatcherFixture.OPERATOR).expect(404, "NOT_FOUND");
  }

  @Test
  void pagesThroughTheAuditLogNewestFirst() {
    JsonObject first = http.get(AUDIT + "?limit=2").bearer(DispatcherFixture.VIEWER).expect(200);
    JsonObject second =
        http.get(AUDIT + "?limit=2&after=" + first.getString("next"))
            .bearer(DispatcherFixture.VIEWER)
            .expect(200);

    assertThat(first.getJsonArray("items")).hasSize(2);
    assertThat(id(second, 0)).isLessThan(id(first, 1));
    for (String query :
        List.of("limit=0", "limit=101", "limit=x", "limit=", "after=x", "after=-1")) {
      http.get(AUDIT + "?" + query).bearer(DispatcherFixture.VIEWER).expect(400, "MALFORMED");
    }
  }

  private static long id(JsonObject page, int index) {
    return Long.parseLong(page.getJsonArray("items").getJsonObject(index).getString("id"));
  }
}
