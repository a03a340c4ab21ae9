package io.concert.http.holds;

import static org.assertj.core.api.Assertions.assertThat;

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
import io.concert.reservation.api.ReservationMessages.AskHolds;
import io.concert.reservation.api.ReservationMessages.Held;
import io.concert.reservation.api.ReservationMessages.HeldSeat;
import io.concert.reservation.api.ReservationMessages.Hold;
import io.concert.reservation.api.ReservationMessages.HoldBest;
import io.concert.reservation.api.ReservationMessages.HoldRefusal;
import io.concert.reservation.api.ReservationMessages.Holds;
import io.concert.reservation.api.ReservationMessages.NotHeld;
import io.concert.reservation.api.ReservationMessages.NotReleased;
import io.concert.reservation.api.ReservationMessages.Release;
import io.concert.reservation.api.ReservationMessages.Released;
import io.concert.user.User;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HoldsEdgeIT {
  private static final String HOLDS = "/api/v1/reservations/holds";
  private static final Instant AT = Instant.parse("2026-05-01T10:05:00.000123Z");

  private final DispatcherFixture dispatcher = DispatcherFixture.shared();
  private final Http http = dispatcher.http();
  private final User guest = dispatcher.guest();
  private final String jwt = dispatcher.queueToken(guest);
  private final ScheduleId schedule = ScheduleId.parse(dispatcher.schedule).orElseThrow();

  @BeforeEach
  void script() {
    admit(AdmissionState.ACTIVE);
    dispatcher.script(ReservationMessages.HOLD, (Hold hold) -> held(hold.seats()));
    dispatcher.script(
        ReservationMessages.HOLD_BEST,
        (HoldBest best) ->
            held(IntStream.range(0, best.count()).mapToObj(i -> new SeatId(schedule, i)).toList()));
  }

  private void admit(AdmissionState state) {
    dispatcher.script(
        QueueMessages.CHECK_ADMISSION,
        (CheckAdmission check) -> new Admission(state, Optional.empty()));
  }

  private static Held held(List<SeatId> seats) {
    return new Held(seats.stream().map(HoldsEdgeIT::held).toList());
  }

  private static HeldSeat held(SeatId seat) {
    return DispatcherFixture.held(seat, seat.index() + 10, AT, AT);
  }

  private JsonObject named(int... indexes) {
    JsonArray seats = new JsonArray();
    IntStream.of(indexes).forEach(index -> seats.add(schedule + "-" + index));
    return new JsonObject().put("scheduleId", dispatcher.schedule).put("seatIds", seats);
  }

  private JsonObject best(int count) {
    return new JsonObject().put("scheduleId", dispatcher.schedule).put("count", count);
  }

  private static JsonObject body(String schedule, int index, String seatNo) {
    return new JsonObject()
        .put("holdId", "h" + (index + 10))
        .put("seatId", schedule + "-" + index)
        .put("seatNo", seatNo)
        .put("price", 99_000)
        .put("holdDeadline", "2026-05-01T10:05:00.000Z");
  }

  @Test
  void holdsNamedSeatsInTheOrderAsked() {
    JsonObject answer = http.post(HOLDS).bearer(jwt).json(named(4, 0)).expect(201);

    assertThat(dispatcher.asked)
        .last()
        .isEqualTo(
            new Hold(
                RoomId.DEFAULT,
                guest.number(),
                schedule,
                List.of(new SeatId(schedule, 4), new SeatId(schedule, 0))));
    assertThat(answer.remove("serverTime")).isNotNull();
    assertThat(answer)
        .isEqualTo(
            new JsonObject()
                .put(
                    "holds",
                    JsonArray.of(
                        body(dispatcher.schedule, 4, "B-1-2"),
                        body(dispatcher.schedule, 0, "A-1-1"))));
  }

  @Test
  void holdsTheBestSideBySide() {
    assertThat(http.post(HOLDS).bearer(jwt).json(best(2)).expect(201).getJsonArray("holds"))
        .hasSize(2);
    assertThat(dispatcher.asked)
        .last()
        .isEqualTo(
            new HoldBest(
                RoomId.DEFAULT, guest.number(), schedule, 2, Optional.empty(), Optional.empty()));
    http.post(HOLDS).bearer(jwt).json(best(1).put("section", "B")).expect(201);
    assertThat(((HoldBest) dispatcher.asked.get(dispatcher.asked.size() - 1)).section())
        .contains("B");
  }

  @ParameterizedTest
  @EnumSource(
      names = {"NOT_ADMITTED", "BANNED"},
      mode = EnumSource.Mode.EXCLUDE)
  void saysWhyNothingWasHeld(HoldRefusal reason) {
    dispatcher.script(ReservationMessages.HOLD, (Hold hold) -> new NotHeld(reason, List.of()));
    JsonObject plain = http.post(HOLDS).bearer(jwt).json(named(1, 2)).expect(409, reason.name());
    assertThat(plain.getValue("seatIds")).isNull();

    dispatcher.script(
        ReservationMessages.HOLD,
        (Hold hold) -> new NotHeld(reason, List.of(new SeatId(schedule, 2))));
    JsonObject problem = http.post(HOLDS).bearer(jwt).json(named(1, 2)).expect(409, reason.name());
    assertThat(problem.getJsonArray("seatIds")).isEqualTo(JsonArray.of(schedule + "-2"));
  }

  @Test
  void keepsOutWhoeverIsNotAdmitted() {
    dispatcher.script(
        ReservationMessages.HOLD, (Hold hold) -> new NotHeld(HoldRefusal.NOT_ADMITTED, List.of()));
    http.post(HOLDS).bearer(jwt).json(named(1)).expect(403, "NOT_ADMITTED");
    dispatcher.script(
        ReservationMessages.HOLD, (Hold hold) -> new NotHeld(HoldRefusal.BANNED, List.of()));
    http.post(HOLDS).bearer(jwt).json(named(1)).expect(403, "BANNED");
    dispatcher.asked.clear();
    admit(AdmissionState.NONE);
    String outside = dispatcher.queueToken(dispatcher.guest());
    http.post(HOLDS).bearer(outside).json(named(1)).expect(403, "NOT_ADMITTED");
    http.post(HOLDS)
        .bearer(dispatcher.accessToken(guest))
        .json(named(1))
        .expect(401, "UNAUTHORIZED");
    http.post(HOLDS).body("{").expect(401, "UNAUTHORIZED");
    assertThat(dispatcher.asked).hasOnlyElementsOfType(CheckAdmission.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'scheduleId':'S'}",
        "{'scheduleId':'S','seatIds':[]}",
        "{'scheduleId':'S','seatIds':['S-0','S-0']}",
        "{'scheduleId':'S','seatIds':['S-0','S-6']}",
        "{'scheduleId':'S','seatIds':['S-0',null]}",
        "{'scheduleId':'S','seatIds':['S-0',1]}",
        "{'scheduleId':'S','seatIds':'S-0'}",
        "{'scheduleId':'S','seatIds':{'0':'S-0'}}",
        "{'scheduleId':'S','seatIds':['S-0'],'count':1}",
        "{'scheduleId':'S','seatIds':['S-0'],'section':'A'}",
        "{'scheduleId':'S','count':0}",
        "{'scheduleId':'S','count':-1}",
        "{'scheduleId':'S','count':101}",
        "{'scheduleId':'S','count':4294967297}",
        "{'scheduleId':'S','count':1,'section':'C'}",
        "{'scheduleId':'S','count':1,'section':''}",
        "{'scheduleId':'s999999','count':1}",
        "{'seatIds':['S-0']}",
      })
  void refusesWhatMakesNoSense(String body) {
    String sent = body.replace("S", dispatcher.schedule);
    http.post(HOLDS).bearer(jwt).quoted(sent).expect(400, "MALFORMED");
    assertThat(dispatcher.asked).isEmpty();
  }

  @Test
  void takesAHundredSeatsAtMost() {
    int[] all = IntStream.range(0, 101).toArray();
    assertThat(http.post(HOLDS).bearer(jwt).json(named(all)).expect(400).getString("detail"))
        .contains("1 to 100");
    http.post(HOLDS).bearer(jwt).body(named(1).encode(), "text/plain").expect(415);
  }

  @Test
  void listsStandingHoldsToTheirHolderAdmittedOrNot() {
    admit(AdmissionState.NONE);
    dispatcher.script(
        ReservationMessages.ASK_HOLDS,
        (AskHolds ask) -> new Holds(List.of(held(new SeatId(schedule, 3)))));
    for (String token : List.of(jwt, dispatcher.accessToken(guest))) {
      JsonObject answer = http.get(HOLDS).bearer(token).expect(200);
      assertThat(answer.remove("serverTime")).isNotNull();
      assertThat(answer)
          .isEqualTo(
              new JsonObject()
                  .put(
                      "items",
                      JsonArray.of(
                          body(dispatcher.schedule, 3, "B-1-1")
                              .put("scheduleId", dispatcher.schedule)
                              .put("extendableSeconds", 0)))
                  .putNull("next"));
    }
    assertThat(dispatcher.asked).containsOnly(new AskHolds(guest.number()));
    http.get(HOLDS).expect(401, "UNAUTHORIZED");
  }

  @Test
  void givesASeatBack() {
    String path = "/api/v1/reservations/seats/" + dispatcher.schedule + "/" + dispatcher.seat;
    dispatcher.script(ReservationMessages.RELEASE, (Release release) -> new Released(false));
    for (String token : List.of(jwt, dispatcher.accessToken(guest))) {
      var response = http.request("DELETE", path).bearer(token).send();
      assertThat(response.statusCode()).isEqualTo(204);
      assertThat(response.body()).isEmpty();
    }
    assertThat(dispatcher.asked)
        .containsOnly(new Release(guest.number(), new SeatId(schedule, 0), Optional.empty()));

    dispatcher.script(ReservationMessages.RELEASE, (Release release) -> new NotReleased());
    http.request("DELETE", path).bearer(jwt).expect(404, "NOT_FOUND");
    http.request("DELETE", path).expect(401, "UNAUTHORIZED");
    dispatcher.asked.clear();
    for (String seat :
        List.of(dispatcher.otherSchedule + "-0", "x", dispatcher.schedule + "-01", "status")) {
      http.request("DELETE", "/api/v1/reservations/seats/" + dispatcher.schedule + "/" + seat)
          .bearer(jwt)
          .expect(404, "NOT_FOUND");
    }
    assertThat(dispatcher.asked).isEmpty();
    http.get(path).bearer(jwt).expect(405, "METHOD_NOT_ALLOWED");
  }
}
