package io.concert.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.http.web.DispatcherFixture;
import io.concert.http.web.Http;
import io.concert.queue.api.QueueMessages;
import io.concert.queue.api.QueueMessages.Admission;
import io.concert.queue.api.QueueMessages.AdmissionState;
import io.concert.queue.api.QueueMessages.CheckAdmission;
import io.concert.user.SigningKeys;
import io.concert.user.Tokens;
import io.concert.user.User;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every bad body and token at every endpoint: what the contract says, and no effect. */
class BadInputIT {
  private static final String ROWS =
      "select (select count(*) from app_user) + (select count(*) from concert)"
          + " + (select count(*) from schedule) + (select count(*) from audit)"
          + " + (select count(*) from room)";

  private static User guest;
  private static long rows;

  private final DispatcherFixture dispatcher = DispatcherFixture.shared();
  private final Http http = dispatcher.http();

  @BeforeAll
  static void count() {
    guest = DispatcherFixture.shared().guest();
    rows = DispatcherFixture.shared().database.number(ROWS);
  }

  @AfterAll
  static void hadNoEffect() {
    assertThat(DispatcherFixture.shared().database.number(ROWS)).isEqualTo(rows);
  }

  /** An endpoint with a body. */
  private enum Target {
    QUEUE("POST", "/api/v1/users/queueEntity", "uuid", ""),
    HOLD("POST", "/api/v1/reservations/seats", "scheduleId", ""),
    BALANCE("PATCH", "/api/v1/accounts/balances", "userId", "balanceAdjustment"),
    PAY("POST", "/api/v1/accounts/payments", "seatId", "price"),
    PAY_SEVERAL("POST", "/api/v1/accounts/payments/batch", "scheduleId", ""),
    HOLD_SEVERAL("POST", "/api/v1/reservations/holds", "scheduleId", ""),
    HOLD_BEST("POST", "/api/v1/reservations/holds", "section", "count"),
    CHANGE_SCHEDULE("PATCH", "/api/v1/admin/schedules/s1", "refundUntil", ""),
    BLOCK("POST", "/api/v1/admin/schedules/s1/blocks", "section", ""),
    RELEASE("POST", "/api/v1/admin/schedules/s1/blocks/release", "row", ""),
    PUT_ROOM("PUT", "/api/v1/admin/rooms/bad-input", "opensAt", "capacity"),
    FORECAST("POST", "/api/v1/admin/forecasts", "seatsPerBuyer", "people"),
    CREATE_USER("POST", "/api/v1/users", "name", ""),
    LOGIN("POST", "/api/v1/users/login", "uuid", ""),
    CREATE_CONCERT("POST", "/api/v1/admin/concerts", "title", "holdLimit"),
    CREATE_SCHEDULE("POST", "/api/v1/admin/schedules", "concertId", "");

    final String method;
    final String path;
    final String textMember;
    final String numberMember;

    Target(String method, String path, String textMember, String numberMember) {
      this.method = method;
      this.path = path;
      this.textMember = textMember;
      this.numberMember = numberMember;
    }
  }

  @BeforeEach
  void script() {
    dispatcher.script(
        QueueMessages.CHECK_ADMISSION,
        (CheckAdmission check) -> new Admission(AdmissionState.ACTIVE, Optional.empty()));
  }

  /** A body that would be right. */
  private JsonObject right(Target target) {
    JsonObject seat =
        new JsonObject().put("scheduleId", dispatcher.schedule).put("seatId", dispatcher.seat);
    return switch (target) {
      case QUEUE, LOGIN -> new JsonObject().put("uuid", guest.uuid().reveal());
      case HOLD -> seat;
      case PAY -> seat.put("price", 99_000);
      case PAY_SEVERAL ->
          new JsonObject()
              .put("scheduleId", dispatcher.schedule)
              .put(
                  "seats",
                  List.of(new JsonObject().put("seatId", dispatcher.seat).put("price", 1)));
      case HOLD_SEVERAL ->
          new JsonObject()
              .put("scheduleId", dispatcher.schedule)
              .put("seatIds", List.of(dispatcher.seat));
      case HOLD_BEST -> new JsonObject().put("scheduleId", dispatcher.schedule).put("count", 2);
      case BALANCE ->
          new JsonObject().put("userId", guest.uuid().reveal()).put("balanceAdjustment", 1);
      case CHANGE_SCHEDULE -> new JsonObject().put("refundUntil", "2031-05-01T10:00:00Z");
      case BLOCK -> new JsonObject().put("section", "A").put("note", "T");
      case RELEASE -> new JsonObject().put("section", "A").put("row", "1");
      case PUT_ROOM -> new JsonObject().put("opensAt", "2031-05-01T10:00:00Z").put("capacity", 10);
      case FORECAST -> new JsonObject().put("people", 100).put("seatsPerBuyer", List.of(1));
      case CREATE_USER -> new JsonObject().put("name", "Kim");
      case CREATE_CONCERT ->
          new JsonObject().put("title", "T").put("venue", "V").put("holdLimit", 4);
      case CREATE_SCHEDULE ->
          new JsonObject()
              .put("concertId", dispatcher.concert)
              .put("startsAt", "2031-05-01T10:00:00Z");
    };
  }

  private Http.Request request(Target target) {
    Http.Request request =
        http.request(target.method, target.path).header("Content-Type", "application/json");
    return switch (target) {
      case QUEUE, LOGIN, CREATE_USER, BALANCE -> request;
      case HOLD, PAY, PAY_SEVERAL, HOLD_SEVERAL, HOLD_BEST ->
          request.bearer(dispatcher.queueToken(guest));
      case CREATE_CONCERT, CREATE_SCHEDULE, CHANGE_SCHEDULE, PUT_ROOM, FORECAST, BLOCK, RELEASE ->
          request.bearer(DispatcherFixture.OPERATOR);
    };
  }

  static Stream<Arguments> badBodies() {
    Map<String, String> bodies = new LinkedHashMap<>();
    bodies.put("only space", " ");
    bodies.put("no JSON", "hello");
    bodies.put("half an object", "{");
    bodies.put("no end", "{\"a\":\"");
    bodies.put("trailing comma", "{RIGHT,}");
    bodies.put("second value", "{RIGHT}{RIGHT}");
    bodies.put("rest", "{RIGHT}x");
    bodies.put("comment", "{RIGHT/**/}");
    bodies.put("single quotes", "{'a':'b'}");
    bodies.put("array", "[{RIGHT}]");
    bodies.put("number", "17");
    bodies.put("null", "null");
    bodies.put("boolean", "true");
    bodies.put("unknown member", "{RIGHT,\"unknown\":1}");
    bodies.put("unknown null member", "{RIGHT,\"unknown\":null}");
    bodies.put("nameless member", "{RIGHT,\"\":1}");
    bodies.put("same member twice", "{RIGHT,RIGHT}");
    bodies.put("same member twice, escaped", "{RIGHT,\"\\u0054EXT\":\"x\",\"TEXT\":\"x\"}");
    bodies.put("NaN", "{RIGHT,\"unknown\":NaN}");
    bodies.put("deep", "{RIGHT,\"unknown\":" + "[".repeat(20_000) + "]".repeat(20_000) + "}");
    bodies.put("deep objects", "{\"a\":".repeat(5_000) + "1" + "}".repeat(5_000));
    bodies.put("endless number", "{RIGHT,\"unknown\":" + "9".repeat(50_000) + "}");
    bodies.put("byte order mark", "\uFEFF{RIGHT}");
    bodies.put("text is a number", "{\"TEXT\":17}");
    bodies.put("text is a boolean", "{\"TEXT\":true}");
    bodies.put("text is an array", "{\"TEXT\":[\"x\"]}");
    bodies.put("text is an object", "{\"TEXT\":{}}");
    bodies.put("text has NUL", "{\"TEXT\":\"a\\u0000b\"}");
    bodies.put("text has half a character", "{\"TEXT\":\"a\\ud83cb\"}");
    bodies.put("text is long", "{\"TEXT\":\"" + "x".repeat(60_000) + "\"}");
    bodies.put("text has a bare control character", "{\"TEXT\":\"a\nb\"}");
    return Stream.of(Target.values())
        .flatMap(
            target ->
                bodies.entrySet().stream()
                    .map(body -> Arguments.of(target, body.getKey(), body.getValue())));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("badBodies")
  void refusesBodies(Target target, String what, String body) {
    String right = right(target).encode();
    String members = right.substring(1, right.length() - 1);

    request(target)
        .body(body.replace("RIGHT", members).replace("TEXT", target.textMember))
        .expect(400, "MALFORMED");

    assertNothingAsked();
  }

  static Stream<Arguments> badNumbers() {
    List<String> numbers =
        List.of(
            "9223372036854775808",
            "-9223372036854775809",
            "18446744073709551617",
            "1.9",
            "1.0",
            "1e3",
            "1e400",
            "-1e400",
            "\"10\"",
            "\"\"",
            "true",
            "[]",
            "[1]",
            "{}",
            "0x10",
            "010",
            "+1",
            "1_000",
            "-1",
            "-9223372036854775808",
            "1" + "0".repeat(300));
    return Stream.of(Target.values())
        .filter(target -> !target.numberMember.isEmpty())
        .flatMap(target -> numbers.stream().map(number -> Arguments.of(target, number)));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("badNumbers")
  void refusesNumbers(Target target, String number) {
    String placeholder = "\"number goes here\"";
    String body = right(target).put(target.numberMember, "number goes here").encode();

    request(target).body(body.replace(placeholder, number)).expect(400, "MALFORMED");

    assertNothingAsked();
  }

  @Test
  void refusesBodiesThatAreNotUtf8() {
    for (Target target : Target.values()) {
      byte[] latin = "{\"name\":\"caf\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1);
      request(target).body(latin).expect(400, "MALFORMED");
      byte[] utf16 = right(target).encode().getBytes(StandardCharsets.UTF_16BE);
      request(target).body(utf16).expect(400, "MALFORMED");
      request(target).body(new byte[] {(byte) 0xc0, (byte) 0x80}).expect(400, "MALFORMED");
    }
    assertNothingAsked();
  }

  @Test
  void refusesEmptyBodiesWhereOneIsNeeded() {
    for (Target target : Target.values()) {
      if (target != Target.CREATE_USER) { // Everything of it may be left out.
        request(target).body("").expect(400, "MALFORMED");
      }
    }
    assertNothingAsked();
  }

  @Test
  void refusesHugeBodies() {
    for (Target target : Target.values()) {
      request(target).body(" ".repeat(64 * 1024 + 1)).expect(413, "BODY_TOO_LARGE");
    }
    assertNothingAsked();
  }

  @Test
  void refusesOtherMethods() {
    for (Target target : Target.values()) {
      for (String method : List.of("DELETE", "TRACE", "get", "QUERY")) {
        boolean exists = target == Target.QUEUE && method.equals("DELETE");
        http.request(method, target.path)
            .expect(exists ? 401 : 405, exists ? "UNAUTHORIZED" : "METHOD_NOT_ALLOWED");
      }
    }
  }

  @Test
  void refusesTokensThatAreNotTheCallersOwn() {
    List<String> headers = new ArrayList<>();
    String jwt = dispatcher.queueToken(guest);
    String[] parts = jwt.split("\\.", -1);
    String none =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString("{\"alg\":\"none\",\"kid\":\"test\"}".getBytes(StandardCharsets.UTF_8));
    Tokens foreign =
        new Tokens(
            dispatcher.vertx,
            SigningKeys.parse("test:" + Base64.getEncoder().encodeToString(new byte[32])),
            () -> dispatcher.time);
    headers.add("Bearer " + none + "." + parts[1] + ".");
    headers.add("Bearer " + none + "." + parts[1]);
    headers.add("Bearer " + none + "." + parts[1] + "." + parts[2]);
    headers.add("Bearer " + parts[0] + "." + parts[1] + ".");
    headers.add("Bearer " + parts[0] + "." + parts[1] + "." + parts[2].substring(1));
    headers.add("Bearer " + foreign.access(guest.number()).jwt());
    headers.add("Bearer " + "x".repeat(5_000));
    headers.add("Bearer");
    headers.add("Bearer ");
    headers.add("Bearer  " + jwt + " " + jwt);
    headers.add("Bearer " + jwt + "," + jwt);
    headers.add("Basic " + jwt);
    headers.add(jwt);
    headers.add("");

    for (String header : headers) {
      for (Target target :
          List.of(Target.QUEUE, Target.HOLD, Target.BALANCE, Target.PAY, Target.CREATE_CONCERT)) {
        http.request(target.method, target.path)
            .header("Content-Type", "application/json")
            .header("Authorization", header)
            .json(right(target))
            .expect(401, "UNAUTHORIZED");
      }
      for (String path :
          List.of(
              "/api/v1/reservations/dates/" + dispatcher.concert,
              "/api/v1/reservations/seats/" + dispatcher.schedule,
              "/api/v1/admin/audit")) {
        http.get(path).header("Authorization", header).expect(401, "UNAUTHORIZED");
      }
    }
    http.get("/api/v1/reservations/dates/" + dispatcher.concert)
        .bearer(jwt)
        .bearer(jwt)
        .expect(401, "UNAUTHORIZED");
    assertNothingAsked();
  }

  @Test
  void wouldTakeTheRightBodies() {
    request(Target.LOGIN).body(right(Target.LOGIN).encode()).expect(200);
    // The services aren't scripted: that their 503 comes shows that the body got through.
    for (Target target :
        List.of(
            Target.QUEUE,
            Target.HOLD,
            Target.HOLD_SEVERAL,
            Target.HOLD_BEST,
            Target.BALANCE,
            Target.PAY,
            Target.PAY_SEVERAL)) {
      request(target).body(right(target).encode()).expect(503, "UNAVAILABLE");
    }
  }

  private void assertNothingAsked() {
    assertThat(dispatcher.asked).allMatch(CheckAdmission.class::isInstance);
  }
}
