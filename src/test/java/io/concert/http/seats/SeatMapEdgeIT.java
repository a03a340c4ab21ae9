package io.concert.http.seats;

import static io.concert.Patience.letPass;
import static io.concert.Patience.untilStill;
import static org.assertj.core.api.Assertions.assertThat;

import io.concert.catalog.reader.ImportResult;
import io.concert.catalog.reader.LayoutJson;
import io.concert.domain.RoomId;
import io.concert.http.web.DispatcherFixture;
import io.concert.http.web.EventReader;
import io.concert.http.web.Http;
import io.concert.queue.api.QueueMessages;
import io.concert.queue.api.QueueMessages.Admission;
import io.concert.queue.api.QueueMessages.AdmissionState;
import io.concert.queue.api.QueueMessages.CheckAdmission;
import io.concert.reservation.api.ReservationMessages;
import io.concert.reservation.api.ReservationMessages.LookAtSeats;
import io.concert.reservation.api.ReservationMessages.SeatStates;
import io.concert.user.User;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SeatMapEdgeIT {
  /** Newer in each test: all look at the same date over the same edge. */
  private static final AtomicLong versions = new AtomicLong(1_000_000);

  private static final Duration A_FEW_LOOKS = Duration.ofMillis(500);

  private final DispatcherFixture dispatcher = DispatcherFixture.shared();
  private final Http http = dispatcher.http();
  private final User guest = dispatcher.guest();
  private final String jwt = dispatcher.queueToken(guest);
  private final String status = "/api/v1/reservations/seats/" + dispatcher.schedule + "/status";
  private final String events = "/api/v1/reservations/seats/" + dispatcher.schedule + "/events";
  private volatile SeatStates seats = states(0);

  @BeforeEach
  void script() {
    admit(AdmissionState.ACTIVE);
    dispatcher.script(ReservationMessages.LOOK_AT_SEATS, (LookAtSeats look) -> seats);
    awaitLook();
  }

  /** Streams look ten times a second, and the next test counts what is asked. */
  @AfterEach
  void awaitSilence() {
    admit(AdmissionState.NONE);
    untilStill(Duration.ofMillis(1_200), Duration.ofSeconds(10), dispatcher.asked::size);
  }

  private static void awaitLook() {
    letPass(SeatLooks.FRESH.plusMillis(10));
  }

  private void admit(AdmissionState state) {
    dispatcher.script(
        QueueMessages.CHECK_ADMISSION,
        (CheckAdmission check) -> new Admission(state, Optional.empty()));
  }

  /** Seat 1 is sold, seat 2 not for sale, the first is as it is said. */
  private static SeatStates states(int first) {
    byte[] packed = {(byte) (first | 0b00_11_10_00), 0};
    return new SeatStates(77, versions.incrementAndGet(), 6, 4, packed);
  }

  private static String version(SeatStates of) {
    return of.epoch() + "-" + of.version();
  }

  private static String header(HttpResponse<byte[]> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  @Test
  void tellsHowAllSeatsStandAsJsonOrPacked() throws IOException {
    HttpResponse<byte[]> json = http.get(status).bearer(jwt).send();
    assertThat(new JsonObject(Http.text(json)))
        .isEqualTo(
            new JsonObject()
                .put("version", version(seats))
                .put("states", JsonArray.of(0, 2, 3, 0, 0, 0)));
    HttpResponse<byte[]> octets =
        http.get(status).bearer(jwt).header("Accept", "application/octet-stream").send();
    assertThat(header(octets, "Content-Type")).isEqualTo("application/octet-stream");
    assertThat(header(octets, "ETag")).isEqualTo('"' + version(seats) + '"');
    assertThat(octets.body()).isEqualTo(seats.states());
    assertThat(header(octets, "Vary")).isEqualTo("Origin, Accept, Accept-Encoding");
    HttpResponse<byte[]> zipped =
        http.get(status).bearer(jwt).header("Accept-Encoding", "gzip").send();
    assertThat(header(zipped, "Content-Encoding")).isEqualTo("gzip");
    try (var in = new GZIPInputStream(new ByteArrayInputStream(zipped.body()))) {
      assertThat(in.readAllBytes()).isEqualTo(json.body());
    }
    assertThat(List.of(header(json, "ETag"), header(octets, "ETag"), header(zipped, "ETag")))
        .doesNotHaveDuplicates();
    for (HttpResponse<byte[]> response : List.of(json, octets)) {
      String type = header(response, "Content-Type");
      assertThat(
              http.get(status)
                  .bearer(jwt)
                  .header("Accept", type)
                  .header("If-None-Match", header(response, "ETag"))
                  .send()
                  .statusCode())
          .isEqualTo(304);
    }
    for (String accept :
        List.of("application/json, application/octet-stream;q=0.5", "*/*", "text/html")) {
      assertThat(
              header(http.get(status).bearer(jwt).header("Accept", accept).send(), "Content-Type"))
          .isEqualTo("application/json");
    }
  }

  @Test
  void tellsWhatHasChangedSince() {
    String before = http.get(status).bearer(jwt).expect(200).getString("version");
    seats = states(1);
    awaitLook();

    assertThat(http.get(status + "?since=" + before).bearer(jwt).expect(200))
        .isEqualTo(
            new JsonObject()
                .put("version", version(seats))
                .put("changes", JsonArray.of(JsonArray.of(0, 1))));
    assertThat(http.get(status + "?since=%22" + before + "-gz%22").bearer(jwt).expect(200))
        .as("a tag is a version, too")
        .isNotNull();
    http.get(status + "?since=77-1").bearer(jwt).expect(410, "NOT_FOUND");
    http.get(status + "?since=76-" + seats.version()).bearer(jwt).expect(410, "NOT_FOUND");
    for (String bad : List.of("", "1", "x", "77--1", "77-99999999999999999999")) {
      http.get(status + "?since=" + bad).bearer(jwt).expect(400, "MALFORMED");
    }
  }

  private EventReader open(String lastEventId) {
    Map<String, String> headers = new HashMap<>();
    headers.put("Authorization", "Bearer " + jwt);
    if (!lastEventId.isEmpty()) {
      headers.put("Last-Event-ID", lastEventId);
    }
    EventReader reader = EventReader.open(http.port(), events, headers);
    assertThat(reader.next()).isEqualTo("retry: 1000\n");
    return reader;
  }

  private static String changed(SeatStates at, String changes) {
    return event("seats", at, "\"changes\":" + changes);
  }

  private static String whole(SeatStates at) {
    String packed = Base64.getEncoder().encodeToString(at.states());
    return event("map", at, "\"states\":\"" + packed + "\"");
  }

  private static String event(String name, SeatStates at, String rest) {
    String id = version(at);
    return "event: %s\nid: %s\ndata: {\"version\":\"%s\",%s}\n".formatted(name, id, id, rest);
  }

  @Test
  void pushesWhatChangesAndGoesOnWhereAClientWas() {
    String left;
    try (EventReader reader = open("")) {
      assertThat(reader.next()).isEqualTo(whole(seats));
      seats = states(1);
      assertThat(reader.next()).isEqualTo(changed(seats, "[[0,1]]"));
      assertThat(reader.nextWithin(A_FEW_LOOKS)).as("nothing has changed").isNull();
      left = version(seats);
      seats = states(2);
      assertThat(reader.next()).isEqualTo(changed(seats, "[[0,2]]"));
    }
    try (EventReader reader = open(left)) {
      assertThat(reader.next()).isEqualTo(changed(seats, "[[0,2]]"));
    }
    try (EventReader reader = open(version(seats))) {
      assertThat(reader.nextWithin(A_FEW_LOOKS)).isNull();
    }
    try (EventReader reader = open("77-1")) {
      assertThat(reader.next()).isEqualTo(whole(seats));
    }
    http.get(events).bearer(jwt).header("Last-Event-ID", "x").expect(400, "MALFORMED");
  }

  @Test
  void tellsAllSeatsWhenTheMapWasRebuilt() {
    try (EventReader reader = open("")) {
      assertThat(reader.next()).isEqualTo(whole(seats));
      seats = new SeatStates(78, versions.incrementAndGet(), 6, 6, new byte[2]);
      assertThat(reader.next()).isEqualTo(whole(seats));
    }
  }

  @Test
  void endsWhenTheSessionDoes() {
    try (EventReader reader = open("")) {
      assertThat(reader.next()).startsWith("event: map");
      long began = System.nanoTime();
      admit(AdmissionState.PAYING);
      assertThat(reader.next()).isEqualTo("event: end\ndata: {\"reason\":\"NOT_ADMITTED\"}\n");
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(4));
      assertThat(reader.next()).isEqualTo(EventReader.EOF);
    }
  }

  @Test
  void looksOnceForAllStreamsAndNotWithoutAny() {
    try (EventReader one = open("");
        EventReader other = open("")) {
      assertThat(one.next()).isEqualTo(other.next());
      dispatcher.asked.clear();
      letPass(Duration.ofSeconds(1));
      assertThat(dispatcher.asked.stream().filter(LookAtSeats.class::isInstance).count())
          .isBetween(2L, 11L);
    }
    awaitSilence();
  }

  @Test
  void isForThoseWhoAreLetIn() {
    String outside = dispatcher.queueToken(dispatcher.guest(), new RoomId("stadium"));
    for (String path : List.of(status, events)) {
      http.get(path).expect(401, "UNAUTHORIZED");
      http.get(path).bearer(dispatcher.accessToken(guest)).expect(401, "UNAUTHORIZED");
      http.get(path).bearer(outside).expect(403, "NOT_ADMITTED");
      String unknown = path.replace(dispatcher.schedule, "s999999");
      http.get(unknown).bearer(jwt).expect(400, "MALFORMED");
    }
    admit(AdmissionState.NONE);
    String late = dispatcher.queueToken(dispatcher.guest());
    http.get(status).bearer(late).expect(403, "NOT_ADMITTED");
    http.get(events).bearer(late).expect(403, "NOT_ADMITTED");
    dispatcher.time = Instant.now().plus(Duration.ofHours(25));
    http.get(events).bearer(jwt).expect(401, "TOKEN_EXPIRED");
    dispatcher.time = Instant.now();
  }

  @Test
  void showsTheSeatPlanToEverybodyForGood() throws IOException {
    String path = "/api/v1/schedules/" + dispatcher.schedule + "/layout";
    HttpResponse<byte[]> plan = http.get(path).send();
    JsonObject json = new JsonObject(Http.text(plan));
    assertThat(json.getString("scheduleId")).isEqualTo(dispatcher.schedule);
    assertThat(json.getJsonArray("grades").getJsonObject(0))
        .isEqualTo(new JsonObject().put("id", "0").put("name", "R").put("price", 99_000));
    JsonObject section = json.getJsonArray("sections").getJsonObject(1);
    assertThat(section.getString("name")).isEqualTo("B");
    JsonObject seat =
        section.getJsonArray("rows").getJsonObject(0).getJsonArray("seats").getJsonObject(2);
    assertThat(seat.getString("id")).isEqualTo(dispatcher.schedule + "-5");
    assertThat(seat.getString("no")).isEqualTo("3");
    assertThat(seat.getString("grade")).isEqualTo("1");
    assertThat(LayoutJson.read(plan.body())).isInstanceOf(ImportResult.Imported.class);

    String version = json.getString("version");
    assertThat(header(plan, "Cache-Control")).isEqualTo("public, max-age=10");
    assertThat(header(http.get(path + "?v=other").send(), "Cache-Control"))
        .isEqualTo("public, max-age=10");
    HttpResponse<byte[]> named = http.get(path + "?v=" + version).send();
    assertThat(header(named, "Cache-Control")).isEqualTo("public, max-age=31536000, immutable");
    assertThat(named.body()).isEqualTo(plan.body());
    HttpResponse<byte[]> zipped = http.get(path).header("Accept-Encoding", "gzip").send();
    try (var in = new GZIPInputStream(new ByteArrayInputStream(zipped.body()))) {
      assertThat(in.readAllBytes()).isEqualTo(plan.body());
    }
    assertThat(http.get(path).header("If-None-Match", header(plan, "ETag")).send().statusCode())
        .isEqualTo(304);
    for (String id : List.of("s999999", "x", "s0")) {
      http.get("/api/v1/schedules/" + id + "/layout").expect(404, "NOT_FOUND");
    }
  }
}
