package io.concert.http.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.http.web.DispatcherFixture;
import io.concert.http.web.Http;
import io.concert.reservation.api.ReservationMessages;
import io.concert.reservation.api.ReservationMessages.LookAtSeats;
import io.concert.reservation.api.ReservationMessages.SeatStates;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

class CatalogEdgeIT {
  private static final String CONCERTS = "/api/v1/concerts";

  private final DispatcherFixture dispatcher = DispatcherFixture.shared();
  private final Http http = dispatcher.http();

  @Test
  void pagesThroughTheConcerts() {
    JsonObject first = http.get(CONCERTS + "?limit=1").expect(200);
    JsonObject second =
        http.get(CONCERTS + "?limit=1&after=" + first.getString("next")).expect(200);
    JsonObject last = http.get(CONCERTS + "?limit=100").expect(200);

    assertThat(first.getString("next")).isEqualTo(dispatcher.concert);
    assertThat(id(first, 0)).isEqualTo(dispatcher.concert);
    assertThat(id(second, 0)).isEqualTo(dispatcher.otherConcert);
    assertThat(last.getValue("next")).isNull();
    for (String query : List.of("limit=0", "limit=-1", "limit=1.5", "after=x")) {
      http.get(CONCERTS + "?" + query).expect(400, "MALFORMED");
    }
  }

  private static String id(JsonObject page, int index) {
    return page.getJsonArray("items").getJsonObject(index).getString("id");
  }

  @Test
  void countsFreeSeatsAndGoesOnWhereItCannot() throws InterruptedException {
    String date = dispatcher.createSchedule(dispatcher.otherConcert);
    assertThat(schedule(date).getValue("free")).isNull();

    dispatcher.script(
        ReservationMessages.LOOK_AT_SEATS,
        (LookAtSeats look) -> new SeatStates(1, 1, 6, 5, new byte[2]));

    JsonObject shown = schedule(date);
    assertThat(shown.getInteger("free")).isEqualTo(5);
    assertThat(shown.getInteger("seats")).isEqualTo(6);
    assertThat(shown.getInteger("priceFrom")).isEqualTo(77_000);
    assertThat(shown.getString("state")).isEqualTo("ON_SALE");
  }

  private JsonObject schedule(String id) {
    JsonArray schedules =
        http.get(CONCERTS + "/" + dispatcher.otherConcert).expect(200).getJsonArray("schedules");
    return schedules.stream()
        .map(JsonObject.class::cast)
        .filter(schedule -> schedule.getString("id").equals(id))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void doesNotFindConcertsThatDoNotExist() {
    for (String id : List.of("c0", "c999999", "x", "c01")) {
      http.get(CONCERTS + "/" + id).expect(404, "NOT_FOUND");
    }
  }
}
