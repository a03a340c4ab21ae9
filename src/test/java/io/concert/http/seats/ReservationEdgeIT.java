package io.concert.http.seats;

import static io.concert.Patience.letPass;
import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.Fault;
import io.concert.domain.RoomId;
import io.concert.domain.ScheduleId;
import io.concert.domain.SeatId;
import io.concert.http.web.DispatcherFixture;
import io.concert.http.web.Http;
import io.concert.queue.api.QueueMessages;
import io.concert.queue.api.QueueMessages.Admission;
import io.concert.queue.api.QueueMessages.AdmissionState;
import io.concert.queue.api.QueueMessages.CheckAdmission;
import io.concert.reservation.api.ReservationMessages;
import io.concert.reservation.api.ReservationMessages.Held;
import io.concert.reservation.api.ReservationMessages.Hold;
import io.concert.reservation.api.ReservationMessages.HoldRefusal;
import io.concert.reservation.api.ReservationMessages.LookAtSeats;
import io.concert.reservation.api.ReservationMessages.NotHeld;
import io.concert.reservation.api.ReservationMessages.SeatStates;
import io.concert.user.User;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReservationEdgeIT {
  private static final String HOLD = "/api/v1/reservations/seats";

  /** Of six seats 0 is held, 1 sold, 2 not for sale, the others free. */
  private static final byte[] STATES = {0b00_11_10_01, 0};

  private static long version = 1;

  private final DispatcherFixture dispatcher = DispatcherFixture.shared();
  private final Http http = dispatcher.http();
  private final User guest = dispatcher.guest();
  private final String jwt = dispatcher.queueToken(guest);
  private final String dates = "/api/v1/reservations/dates/" + dispatcher.concert;
  private final String seats = "/api/v1/reservations/seats/" + dispatcher.schedule;

  @BeforeEach
  void script() {
    admit(AdmissionState.ACTIVE);
    version++;
    dispatcher.script(ReservationMessages.LOOK_AT_SEATS, (LookAtSeats look) -> states(3, STATES));
    letPass(SeatLooks.FRESH.plusMillis(10)); // Or the test before is still looked at.
  }

  private void admit(AdmissionState state) {
    dispatcher.script(
        QueueMessages.CHECK_ADMISSION,
        (CheckAdmission check) -> new Admission(state, Optional.empty()));
  }

  private static SeatStates states(int free, byte[] states) {
    return new SeatStates(5, version, 6, free, states);
  }

  private JsonObject hold() {
    return new JsonObject().put("scheduleId", dispatcher.schedule).put("seatId", dispatcher.seat);
  }

  @Test
  void listsTheDatesThatHaveAFreeSeat() {
    JsonObject answer = http.get(dates).bearer(jwt).expect(200);

    assertThat(answer.getJsonArray("scheduleIds"))
        .isEqualTo(new JsonArray().add(dispatcher.schedule));
    assertThat(answer.getJsonArray("scheduleDates"))
        .isEqualTo(new JsonArray().add("2031-05-01T10:30:00.000Z"));
  }

  @Test
  void leavesOutDatesThatAreSoldOutOrClosed() {
    dispatcher.script(ReservationMessages.LOOK_AT_SEATS, (LookAtSeats look) -> states(0, STATES));
    assertThat(http.get(dates).bearer(jwt).expect(200).getJsonArray("scheduleIds")).isEmpty();

    dispatcher.script(ReservationMessages.LOOK_AT_SEATS, (LookAtSeats look) -> states(3, STATES));
    switchSale("close");
    try {
      assertThat(http.get(dates).bearer(jwt).expect(200).getJsonArray("scheduleIds")).isEmpty();
    } finally {
      switchSale("open");
    }
  }

  private void switchSale(String how) {
    http.post("/api/v1/admin/schedules/" + dispatcher.schedule + "/" + how)
        .bearer(DispatcherFixture.OPERATOR)
        .expect(200);
  }

  @Test
  void listsFreeSeatsInMapOrder() {
    JsonObject answer = http.get(seats).bearer(jwt).expect(200);

    assertThat(answer.getJsonArray("seatIds"))
        .isEqualTo(
            JsonArray.of(
                dispatcher.schedule + "-3",
                dispatcher.schedule + "-4",
                dispatcher.schedule + "-5"));
    assertThat(answer.getJsonArray("seatNos")).isEqualTo(JsonArray.of("B-1-1", "B-1-2", "B-1-3"));
  }

  @Test
  void saysNotModifiedWhileNothingChanged() {
    String tag = tag(http.get(seats).bearer(jwt).send());
    assertThat(tag).startsWith("\"").endsWith("\"");

    HttpResponse<byte[]> same = http.get(seats).bearer(jwt).header("If-None-Match", tag).send();
    assertThat(same.statusCode()).isEqualTo(304);
    assertThat(same.body()).isEmpty();
    assertThat(tag(same)).isEqualTo(tag);
    assertThat(http.get(seats).bearer(jwt).header("If-None-Match", "W/" + tag).send().statusCode())
        .isEqualTo(304);
    assertThat(http.get(seats).bearer(jwt).header("If-None-Match", "\"x\"").send().statusCode())
        .isEqualTo(200);
    assertThat(
            http.get(seats)
                .bearer(jwt)
                .header("If-None-Match", "\"x\"")
                .header("If-None-Match", tag)
                .send()
                .statusCode())
        .as("several lines are one list")
        .isEqualTo(304);

    version++;
    letPass(SeatLooks.FRESH.plusMillis(10));
    HttpResponse<byte[]> next = http.get(seats).bearer(jwt).header("If-None-Match", tag).send();
    assertThat(next.statusCode()).isEqualTo(200);
    assertThat(tag(next)).isNotEqualTo(tag);
  }

  @Test
  void compressesForWhoeverAcceptsItUnderATagOfItsOwn() throws IOException {
    HttpResponse<byte[]> plain = http.get(seats).bearer(jwt).send();
    HttpResponse<byte[]> zipped =
        http.get(seats).bearer(jwt).header("Accept-Encoding", "br, gzip;q=0.8").send();

    assertThat(zipped.headers().firstValue("Content-Encoding")).contains("gzip");
    assertThat(plain.headers().firstValue("Content-Encoding")).isEmpty();
    assertThat(zipped.headers().firstValue("Vary")).contains("Origin, Accept-Encoding");
    assertThat(tag(zipped)).isNotEqualTo(tag(plain));
    try (var in = new GZIPInputStream(new ByteArrayInputStream(zipped.body()))) {
      assertThat(in.readAllBytes()).isEqualTo(plain.body());
    }
    assertThat(
            http.get(seats)
                .bearer(jwt)
                .header("Accept-Encoding", "gzip;q=0, identity")
                .send()
                .headers()
                .firstValue("Content-Encoding"))
        .isEmpty();
  }

  private static String tag(HttpResponse<byte[]> response) {
    return response.headers().firstValue("ETag").orElseThrow();
  }

  @Test
  void holdsASeat() {
    SeatId seat = SeatId.parse(dispatcher.seat).orElseThrow();
    dispatcher.script(
        ReservationMessages.HOLD,
        (Hold hold) ->
            new Held(
                List.of(
                    DispatcherFixture.held(
                        seat,
                        12,
                        Instant.parse("2026-05-01T10:00:00.000123Z"),
                        Instant.parse("2026-05-01T10:05:00.000123Z")))));

    JsonObject answer = http.post(HOLD).bearer(jwt).json(hold()).expect(200);

    assertThat(dispatcher.asked)
        .last()
        .isEqualTo(new Hold(RoomId.DEFAULT, guest.number(), seat.schedule(), List.of(seat)));
    answer.remove("serverTime");
    assertThat(answer)
        .isEqualTo(
            new JsonObject()
                .put("isReserved", true)
                .put("reservedAt", "2026-05-01T10:00:00.000Z")
                .put("holdDeadline", "2026-05-01T10:05:00.000Z")
                .put("seatNo", "A-1-1")
                .put("price", 99_000)
                .put("holdId", "h12"));
  }

  @ParameterizedTest
  @EnumSource(
      names = {"NOT_ADMITTED", "BANNED"},
      mode = EnumSource.Mode.EXCLUDE)
  void saysWhyASeatIsNotGiven(HoldRefusal reason) {
    dispatcher.script(ReservationMessages.HOLD, (Hold hold) -> new NotHeld(reason, hold.seats()));

    JsonObject answer = http.post(HOLD).bearer(jwt).json(hold()).expect(200);

    assertThat(answer.remove("serverTime")).isNotNull();
    assertThat(answer)
        .isEqualTo(
            new JsonObject()
                .put("isReserved", false)
                .putNull("reservedAt")
                .putNull("holdDeadline")
                .put("seatNo", "A-1-1")
                .put("price", 99_000)
                .put("reason", reason.name()));
  }

  @Test
  void keepsOutWhoeverIsNotAdmitted() {
    dispatcher.script(
        ReservationMessages.HOLD, (Hold hold) -> new NotHeld(HoldRefusal.NOT_ADMITTED, List.of()));
    http.post(HOLD).bearer(jwt).json(hold()).expect(403, "NOT_ADMITTED");
    dispatcher.script(
        ReservationMessages.HOLD, (Hold hold) -> new NotHeld(HoldRefusal.BANNED, List.of()));
    http.post(HOLD).bearer(jwt).json(hold()).expect(403, "BANNED");

    for (AdmissionState state : List.of(AdmissionState.NONE, AdmissionState.PAYING)) {
      admit(state);
      dispatcher.asked.clear();
      // Somebody new each time: what the room has said of a place is believed for a moment.
      String outside = dispatcher.queueToken(dispatcher.guest());
      http.get(dates).bearer(outside).expect(403, "NOT_ADMITTED");
      http.get(seats).bearer(outside).expect(403, "NOT_ADMITTED");
      http.get(seats).bearer(outside).header("If-None-Match", "*").expect(403, "NOT_ADMITTED");
      http.post(HOLD).bearer(outside).json(hold()).expect(403, "NOT_ADMITTED");
      assertThat(dispatcher.asked).hasOnlyElementsOfType(CheckAdmission.class);
    }
  }

  @Test
  void keepsOutWhoeverWaitedInAnotherRoom() {
    String other = dispatcher.queueToken(guest, new RoomId("stadium"));

    http.get(dates).bearer(other).expect(403, "NOT_ADMITTED");
    http.get(seats).bearer(other).expect(403, "NOT_ADMITTED");
    http.post(HOLD).bearer(other).json(hold()).expect(403, "NOT_ADMITTED");
    assertThat(dispatcher.asked).isEmpty();
    http.get("/api/v1/reservations/dates/" + dispatcher.otherConcert).bearer(other).expect(200);
  }

  @Test
  void needsAQueueToken() {
    for (Http.Request request : List.of(http.get(dates), http.get(seats), http.post(HOLD))) {
      request.body("{").expect(401, "UNAUTHORIZED");
    }
    String access = dispatcher.accessToken(guest);
    for (Http.Request request : List.of(http.get(dates), http.get(seats), http.post(HOLD))) {
      request.bearer(access).body("{").expect(401, "UNAUTHORIZED");
    }
  }

  @Test
  void saysThatATokenHasExpired() {
    dispatcher.time = dispatcher.time.plusSeconds(25 * 3600);
    try {
      http.get(dates).bearer(jwt).expect(401, "TOKEN_EXPIRED");
    } finally {
      dispatcher.time = Instant.now();
    }
  }

  @Test
  void refusesIdsThatAreUnknownHere() {
    for (String id : List.of("c0", "c01", "C1", "1", "s0", "-", "c1%00", "%F0%9F%8E%AB")) {
      http.get("/api/v1/reservations/dates/" + id).bearer(jwt).expect(400, "MALFORMED");
      http.get("/api/v1/reservations/seats/" + id).bearer(jwt).expect(400, "MALFORMED");
    }
    for (String seat :
        List.of(dispatcher.schedule + "-6", dispatcher.otherSchedule + "-0", "0", "", "A-1-1")) {
      http.post(HOLD).bearer(jwt).json(hold().put("seatId", seat)).expect(400, "MALFORMED");
    }
    http.post(HOLD)
        .bearer(jwt)
        .json(new JsonObject().put("scheduleId", "s999999").put("seatId", "s999999-0"))
        .expect(400, "MALFORMED");
    assertThat(dispatcher.asked).isEmpty();
  }

  @Test
  void saysWhatMayBeConcludedFromAFault() {
    fail(Fault.Kind.UNAVAILABLE);
    http.post(HOLD).bearer(jwt).json(hold()).expect(503, "UNAVAILABLE");
    fail(Fault.Kind.OVERLOADED);
    http.post(HOLD).bearer(jwt).json(hold()).expect(503, "OVERLOADED");
    fail(Fault.Kind.OUTCOME_UNKNOWN);
    http.post(HOLD).bearer(jwt).json(hold()).expect(504, "OUTCOME_UNKNOWN");
    fail(Fault.Kind.INTERNAL);
    http.post(HOLD).bearer(jwt).json(hold()).expect(500, "INTERNAL");

    dispatcher.scriptAsync(
        ReservationMessages.LOOK_AT_SEATS,
        (LookAtSeats look) ->
            Future.failedFuture(new Fault(Fault.Kind.OUTCOME_UNKNOWN, "too late")));
    http.get(seats).bearer(jwt).expect(503, "UNAVAILABLE");
  }

  private void fail(Fault.Kind kind) {
    dispatcher.scriptAsync(
        ReservationMessages.HOLD,
        (Hold hold) -> Future.failedFuture(new Fault(kind, "secret of the inside")));
  }

  @Test
  void asksOnceForAThousandReaders() throws InterruptedException {
    List<Thread> readers =
        java.util.stream.IntStream.range(0, 16)
            .mapToObj(
                i ->
                    new Thread(
                        () -> {
                          for (int n = 0; n < 20; n++) {
                            http.get(seats).bearer(jwt).expect(200);
                          }
                        }))
            .toList();
    long started = System.nanoTime();
    readers.forEach(Thread::start);
    for (Thread reader : readers) {
      reader.join();
    }
    // The next look is begun when half of the last one's time is over.
    long periods = 2 * (System.nanoTime() - started) / SeatLooks.FRESH.toNanos() + 1;

    assertThat(dispatcher.asked.stream().filter(LookAtSeats.class::isInstance).count())
        .isBetween(1L, periods);
    assertThat(dispatcher.asked)
        .contains(new LookAtSeats(ScheduleId.parse(dispatcher.schedule).orElseThrow()));
  }
}
