package io.concert.http.seats;

import static io.concert.Patience.letPass;
import static org.assertj.core.api.Assertions.assertThat;

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
import io.concert.reservation.api.ReservationMessages.LookAtSeats;
import io.concert.reservation.api.ReservationMessages.SeatStates;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A date whose plan was replaced by a corrected one: every id that was seen is the same seat. */
class CorrectedPlanIT {
  private static final String HOLD = "/api/v1/reservations/seats";
  private static final Instant AT = Instant.parse("2026-05-01T10:00:00Z");

  private final DispatcherFixture dispatcher = DispatcherFixture.shared();
  private final Http http = dispatcher.http();
  private final String jwt = dispatcher.queueToken(dispatcher.guest());

  /** First A-1-1 to A-1-3 and B-1-1 to B-1-3; then Z-9-9, B-1-2, A-1-3. */
  private final String date = dispatcher.createSchedule(dispatcher.createConcert("default"));

  /** By index, as the seat map has them: index 4 is sold, those of the first plan only are off. */
  private volatile SeatStates seats = states(0b11_00_11_11, 0b00_11_10, 7);

  @BeforeEach
  void correct() {
    dispatcher.script(
        QueueMessages.CHECK_ADMISSION,
        (CheckAdmission check) -> new Admission(AdmissionState.ACTIVE, Optional.empty()));
    dispatcher.script(ReservationMessages.LOOK_AT_SEATS, (LookAtSeats look) -> seats);
    dispatcher.script(
        ReservationMessages.HOLD,
        (Hold hold) -> new Held(List.of(DispatcherFixture.held(hold.seats().get(0), 1, AT, AT))));
    String corrected =
        """
        section,row,seat_no,x,y,grade,price
        Z,9,9,9,9,VIP,200000
        B,1,2,1,1,S,77000
        A,1,3,2,0,R,99000
        """;
    http.put("/api/v1/admin/schedules/" + date + "/layout")
        .bearer(DispatcherFixture.OPERATOR)
        .body(corrected, "text/csv")
        .expect(200);
  }

  private static SeatStates states(int first, int second, int seats) {
    return new SeatStates(5, 9, seats, 0, new byte[] {(byte) first, (byte) second});
  }

  @Test
  void showsTheIdsThatTheSeatsHadBefore() {
    JsonObject plan = http.get("/api/v1/schedules/" + date + "/layout").expect(200);
    assertThat(plan.encode())
        .contains("\"id\":\"" + date + "-6\",\"no\":\"9\"")
        .contains("\"id\":\"" + date + "-4\",\"no\":\"2\"")
        .contains("\"id\":\"" + date + "-2\",\"no\":\"3\"");
    assertThat(http.get(HOLD + "/" + date).bearer(jwt).expect(200))
        .isEqualTo(
            new JsonObject()
                .put("seatIds", JsonArray.of(date + "-6", date + "-2"))
                .put("seatNos", JsonArray.of("Z-9-9", "A-1-3")));
  }

  @Test
  void saysHowSeatsStandInTheOrderOfThePlan() {
    String status = HOLD + "/" + date + "/status";
    JsonObject whole = http.get(status).bearer(jwt).expect(200);
    assertThat(whole.getJsonArray("states")).isEqualTo(JsonArray.of(0, 2, 0));

    // The map hasn't heard of the new seat, and now index 2 is held.
    seats = new SeatStates(5, 10, 6, 0, new byte[] {(byte) 0b11_01_11_11, 0b11_10});
    letPass(SeatLooks.FRESH.plusMillis(10));
    JsonObject changes =
        http.get(status + "?since=" + whole.getString("version")).bearer(jwt).expect(200);
    assertThat(changes.getJsonArray("changes"))
        .isEqualTo(JsonArray.of(JsonArray.of(0, 3), JsonArray.of(2, 1)));
  }

  @Test
  void holdsTheSeatThatTheIdAlwaysWas() {
    JsonObject held =
        http.post(HOLD)
            .bearer(jwt)
            .json(new JsonObject().put("scheduleId", date).put("seatId", date + "-4"))
            .expect(200);
    assertThat(held.getString("seatNo")).isEqualTo("B-1-2");
    assertThat(((Hold) dispatcher.asked.get(dispatcher.asked.size() - 1)).seats())
        .containsExactly(SeatId.parse(date + "-4").orElseThrow());
  }

  @Test
  void knowsNoSeatThatIsGone() {
    for (String gone : List.of("-0", "-5", "-7")) {
      http.post(HOLD)
          .bearer(jwt)
          .json(new JsonObject().put("scheduleId", date).put("seatId", date + gone))
          .expect(400, "MALFORMED");
      http.post("/api/v1/reservations/holds")
          .bearer(jwt)
          .json(new JsonObject().put("scheduleId", date).put("seatIds", JsonArray.of(date + gone)))
          .expect(400, "MALFORMED");
    }
    assertThat(dispatcher.asked).noneMatch(Hold.class::isInstance);
  }
}
