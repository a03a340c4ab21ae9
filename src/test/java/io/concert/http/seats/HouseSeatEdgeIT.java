package io.concert.http.seats;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.http.access.IdempotencyKeys;
import io.concert.http.web.DispatcherFixture;
import io.concert.http.web.Http;
import io.concert.reservation.api.ReservationMessages;
import io.concert.reservation.api.ReservationMessages.ClaimsChanged;
import io.concert.reservation.api.ReservationMessages.LookAtSeats;
import io.concert.reservation.api.ReservationMessages.Noted;
import io.concert.reservation.api.ReservationMessages.SeatRow;
import io.concert.reservation.api.ReservationMessages.SeatStates;
import io.concert.reservation.api.SeatStatus;
import io.concert.user.User;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * House seats at the edge, on the real database. The date has A-1-1 to A-1-3 and B-1-1 to B-1-3.
 */
class HouseSeatEdgeIT {
  private static final String SCHEDULES = "/api/v1/admin/schedules/";

  private final DispatcherFixture dispatcher = DispatcherFixture.shared();
  private final Http http = dispatcher.http();
  private final String date = dispatcher.createSchedule(dispatcher.otherConcert);
  private final String blocks = SCHEDULES + date + "/blocks";
  private final User guest = dispatcher.guest();

  @BeforeEach
  void script() {
    dispatcher.script(ReservationMessages.CLAIMS_CHANGED, (ClaimsChanged changed) -> new Noted());
  }

  private Http.Request block(JsonObject body) {
    return http.post(blocks).bearer(DispatcherFixture.OPERATOR).json(body);
  }

  private Http.Request release(JsonObject body) {
    return http.post(blocks + "/release").bearer(DispatcherFixture.OPERATOR).json(body);
  }

  private static JsonObject section(String name) {
    return new JsonObject().put("section", name);
  }

  private JsonObject ids(int... seats) {
    JsonArray ids = new JsonArray();
    IntStream.of(seats).forEach(seat -> ids.add(date + "-" + seat));
    return new JsonObject().put("seatIds", ids);
  }

  private JsonObject changed(int seats, int changed) {
    return new JsonObject().put("scheduleId", date).put("seats", seats).put("changed", changed);
  }

  /** States by index, one digit a seat. */
  private String states() {
    return IntStream.range(0, 6)
        .mapToObj(seat -> Long.toString(state(seat)))
        .reduce("", String::concat);
  }

  private long state(int seat) {
    return number("select state from seat_claim where schedule_id = %s and seat = " + seat);
  }

  private long number(String query) {
    return dispatcher.database.number(query.formatted(date.substring(1)));
  }

  private void set(int seat, String assignment) {
    dispatcher.database.execute(
        "update seat_claim set %s where schedule_id = %s and seat = %d"
            .formatted(assignment, date.substring(1), seat));
  }

  private void hold(int seat, String deadline) {
    set(
        seat,
        "state = 1, hold_id = 1, held_at = now(), deadline = now() + interval '%s', user_number = %d"
            .formatted(deadline, guest.number().number()));
  }

  private JsonArray listed() {
    return http.get(blocks).bearer(DispatcherFixture.VIEWER).expect(200).getJsonArray("items");
  }

  @Test
  void blocksSeatsRowsAndSections() {
    assertThat(block(ids(1, 5)).expect(200)).isEqualTo(changed(2, 2));
    assertThat(states()).isEqualTo("030003");
    assertThat(block(section("A").put("rows", JsonArray.of("1"))).expect(200))
        .isEqualTo(changed(3, 2));
    assertThat(states()).isEqualTo("333003");
    JsonObject range = section("B").put("row", "1").put("from", "2").put("to", "1");
    assertThat(block(range).expect(200)).isEqualTo(changed(2, 2));
    assertThat(states()).isEqualTo("333333");
    assertThat(release(section("A").put("fromRow", "1").put("toRow", "1")).expect(200))
        .isEqualTo(changed(3, 3));
    assertThat(release(section("B")).expect(200)).isEqualTo(changed(3, 3));
    assertThat(release(section("B")).expect(200)).isEqualTo(changed(3, 0));
    assertThat(states()).isEqualTo("000000");
    assertThat(listed()).isEmpty();
  }

  /** Each row with a newer fence, so that no seat map keeps what it had. */
  @Test
  void tellsTheSeatMap() {
    long before = number("select max(fence) from seat_claim where schedule_id = %s");
    dispatcher.asked.clear();
    block(ids(4, 2)).expect(200);
    block(ids(2)).expect(200);

    assertThat(dispatcher.asked).hasSize(1);
    ClaimsChanged told = (ClaimsChanged) dispatcher.asked.get(0);
    assertThat(told.schedule().toString()).isEqualTo(date);
    assertThat(told.seats()).extracting(SeatRow::seat).containsExactlyInAnyOrder(2, 4);
    assertThat(told.seats())
        .allMatch(row -> row.status() == SeatStatus.NOT_FOR_SALE && row.fence() > before);
  }

  @Test
  void listsWhatIsBlockedByWhomAndWhy() {
    block(ids(0, 2, 4).put("note", "언론")).expect(200);
    block(ids(2, 3)).expect(200);
    JsonObject first = page("?limit=3");
    assertThat(first.getJsonArray("items")).hasSize(3);
    JsonObject item = first.getJsonArray("items").getJsonObject(0);
    assertThat(Instant.parse(item.getString("blockedAt"))).isNotNull();
    item.remove("blockedAt");
    assertThat(item)
        .isEqualTo(
            new JsonObject()
                .put("seatId", date + "-0")
                .put("seatNo", "A-1-1")
                .put("note", "언론")
                .put("operator", "o"));
    JsonObject rest = page("?limit=3&after=" + first.getString("next"));
    assertThat(rest.getJsonArray("items")).hasSize(1);
    assertThat(rest.getString("next")).isNull();
    assertThat(notes())
        .as("a block without a note leaves one")
        .containsExactly("언론", "언론", null, "언론");
    block(section("A").put("note", "Press")).expect(200);
    assertThat(notes()).containsExactly("Press", "Press", "Press", null, "언론");
    for (String bad : List.of("x", date, "s1-0", "-1")) {
      http.get(blocks + "?after=" + bad).bearer(DispatcherFixture.VIEWER).expect(400, "MALFORMED");
    }
  }

  private JsonObject page(String query) {
    return http.get(blocks + query).bearer(DispatcherFixture.VIEWER).expect(200);
  }

  private List<String> notes() {
    return listed().stream().map(item -> ((JsonObject) item).getString("note")).toList();
  }

  @Test
  void takesNothingFromBuyersAndThenNothingAtAll() {
    hold(0, "5 minutes");
    set(4, "state = 2, user_number = " + guest.number().number());
    JsonObject refused = block(ids(0, 1, 4)).expect(409, "SEAT_TAKEN");
    assertThat(refused.getJsonArray("seatIds")).isEqualTo(JsonArray.of(date + "-0", date + "-4"));
    assertThat(refused.getString("detail")).contains("1 are held", "1 are sold");
    assertThat(states()).isEqualTo("100020");
    assertThat(listed()).isEmpty();
    block(section("B")).expect(409, "SEAT_TAKEN");
    assertThat(release(section("A")).expect(200)).isEqualTo(changed(3, 0));
    assertThat(states()).isEqualTo("100020");
    set(4, "state = 0, user_number = null");
  }

  /** Nothing has freed it yet, but from its deadline on it is anybody's. */
  @Test
  void holdThatHasRunOutIsNone() {
    hold(0, "-1 second");
    assertThat(block(ids(0)).expect(200)).isEqualTo(changed(1, 1));
    assertThat(states()).isEqualTo("300000");
    assertThat(number("select expired_user from seat_claim where schedule_id = %s and seat = 0"))
        .isEqualTo(guest.number().number());
  }

  @Test
  void namesWhatThereIsNot() {
    block(section("C")).expect(400, "MALFORMED");
    block(section("A").put("row", "2")).expect(400, "MALFORMED");
    block(section("A").put("row", "1").put("from", "1").put("to", "4")).expect(400, "MALFORMED");
    block(ids(6)).expect(400, "MALFORMED");
    block(section("A").put("note", " ")).expect(400, "MALFORMED");
    block(section("A").put("note", "x".repeat(201))).expect(400, "MALFORMED");
    release(section("A").put("note", "x")).expect(400, "MALFORMED");
    for (String unknown : List.of("s999999", "x")) {
      http.post(SCHEDULES + unknown + "/blocks")
          .bearer(DispatcherFixture.OPERATOR)
          .json(section("A"))
          .expect(404, "NOT_FOUND");
      http.get(SCHEDULES + unknown + "/blocks")
          .bearer(DispatcherFixture.VIEWER)
          .expect(404, "NOT_FOUND");
      http.get(SCHEDULES + unknown + "/seats")
          .bearer(DispatcherFixture.VIEWER)
          .expect(404, "NOT_FOUND");
    }
    assertThat(states()).isEqualTo("000000");
  }

  @Test
  void isWrittenDown() {
    block(ids(3, 0).put("note", "Band")).expect(200);
    release(section("A")).expect(200);
    List<JsonObject> entries =
        http
            .get("/api/v1/admin/audit?limit=2")
            .bearer(DispatcherFixture.VIEWER)
            .expect(200)
            .getJsonArray("items")
            .stream()
            .map(JsonObject.class::cast)
            .toList();
    assertThat(entries).allMatch(entry -> entry.getString("subject").equals(date));
    assertThat(entries)
        .extracting(e -> e.getString("action"))
        .containsExactly("schedule.release", "schedule.block");
    assertThat(entries.get(1).getJsonObject("detail"))
        .isEqualTo(
            new JsonObject()
                .put("asked", ids(3, 0))
                .put("seats", 2)
                .put("changed", 2)
                .put("note", "Band"));
    assertThat(entries.get(0).getJsonObject("detail"))
        .isEqualTo(new JsonObject().put("asked", section("A")).put("seats", 3).put("changed", 1));
  }

  /** Meanwhile somebody else has decided otherwise: that stands. */
  @Test
  void repeatedWithItsKeyItIsDoneOnce() {
    String key = UUID.randomUUID().toString();
    JsonObject first = block(ids(0)).header("Idempotency-Key", key).expect(200);
    release(ids(0)).expect(200);
    HttpResponse<byte[]> again = block(ids(0)).header("Idempotency-Key", key).send();
    assertThat(again.headers().firstValue(IdempotencyKeys.REPLAYED)).contains("true");
    assertThat(new JsonObject(Http.text(again))).isEqualTo(first);
    assertThat(states()).isEqualTo("000000");
    block(ids(1)).header("Idempotency-Key", key).expect(422, "KEY_REUSED");

    hold(2, "5 minutes");
    String end = SCHEDULES + date + "/holds/" + date + "-2";
    assertThat(endHold(end, key).statusCode()).isEqualTo(204);
    hold(2, "5 minutes");
    HttpResponse<byte[]> ended = endHold(end, key);
    assertThat(ended.statusCode()).isEqualTo(204);
    assertThat(ended.headers().firstValue(IdempotencyKeys.REPLAYED)).contains("true");
    assertThat(state(2)).isEqualTo(1);
  }

  private HttpResponse<byte[]> endHold(String path, String key) {
    return http.request("DELETE", path)
        .bearer(DispatcherFixture.OPERATOR)
        .header("Idempotency-Key", key)
        .send();
  }

  @Test
  void cancelledDateKeepsItsBlocks() {
    block(section("A")).expect(200);
    http.post(SCHEDULES + date + "/close").bearer(DispatcherFixture.OPERATOR).expect(200);
    assertThat(block(ids(3)).expect(200)).as("closed").isEqualTo(changed(1, 1));
    release(ids(3)).expect(200);
    http.post(SCHEDULES + date + "/cancel").bearer(DispatcherFixture.OPERATOR).expect(200);
    assertThat(number("select free_cancelled_holds(%s, 100)")).isZero();
    block(section("B")).expect(409, "NOT_ON_SALE");
    release(section("A")).expect(409, "NOT_ON_SALE");
    assertThat(states()).isEqualTo("333000");
    assertThat(listed()).hasSize(3);
  }

  private Http.Request plan(String rows) {
    return http.put(SCHEDULES + date + "/layout")
        .bearer(DispatcherFixture.OPERATOR)
        .body("section,row,seat_no,x,y,grade,price\n" + rows, "text/csv");
  }

  @Test
  void blocksOutlastACorrectedPlan() {
    block(ids(1, 4).put("note", "Band")).expect(200);
    plan("Z,1,1,0,0,X,1000\nA,1,2,1,0,R,88000\nB,1,2,1,1,S,77000\nA,1,1,0,0,R,88000\n").expect(200);
    assertThat(states()).as("0, 1 and 4 are in it").isEqualTo("033333");
    assertThat(state(6)).as("the new seat").isZero();
    assertThat(number("select price from seat_claim where schedule_id = %s and seat = 1"))
        .isEqualTo(88_000);
    assertThat(listed())
        .extracting(item -> ((JsonObject) item).getString("seatNo"))
        .containsExactly("A-1-2", "B-1-2");

    plan("A,1,2,1,0,R,88000\n").expect(409, "SEAT_TAKEN");
    assertThat(state(4)).isEqualTo(3);
    assertThat(release(section("B")).expect(200)).isEqualTo(changed(1, 1));
    plan("A,1,2,1,0,R,99000\nA,1,3,2,0,R,99000\n").expect(200);
    assertThat(states()).isEqualTo("330333");
    assertThat(listed()).hasSize(1);
    block(ids(0)).expect(400, "MALFORMED");
    release(ids(4)).expect(400, "MALFORMED");
  }

  @Test
  void endsAHold() {
    hold(0, "5 minutes");
    String path = SCHEDULES + date + "/holds/" + date + "-";
    assertThat(
            http.request("DELETE", path + 0).bearer(DispatcherFixture.OPERATOR).send().statusCode())
        .isEqualTo(204);
    assertThat(states()).isEqualTo("000000");
    JsonObject entry =
        http.get("/api/v1/admin/audit?limit=1")
            .bearer(DispatcherFixture.VIEWER)
            .expect(200)
            .getJsonArray("items")
            .getJsonObject(0);
    assertThat(entry.getString("action")).isEqualTo("hold.end");
    assertThat(entry.getString("operator")).isEqualTo("o");
    assertThat(entry.getString("subject")).isEqualTo(date + "-0");
    assertThat(entry.getJsonObject("detail"))
        .isEqualTo(new JsonObject().put("user", guest.number().number()));
    assertThat(entry.encode()).doesNotContain(guest.uuid().reveal());

    hold(1, "-1 second");
    set(2, "state = 2, user_number = " + guest.number().number());
    block(ids(3)).expect(200);
    for (String none : List.of("0", "1", "2", "3", "6", "x")) {
      http.request("DELETE", path + none)
          .bearer(DispatcherFixture.OPERATOR)
          .expect(404, "NOT_FOUND");
    }
    http.request("DELETE", SCHEDULES + date + "/holds/" + dispatcher.seat)
        .bearer(DispatcherFixture.OPERATOR)
        .expect(404, "NOT_FOUND");
    assertThat(states()).isEqualTo("012300");
    set(2, "state = 0, user_number = null");
  }

  @Test
  void showsHowSeatsStand() {
    dispatcher.script(
        ReservationMessages.LOOK_AT_SEATS,
        (LookAtSeats look) -> new SeatStates(5, 9, 6, 4, new byte[] {(byte) 0b11_10_00_01, 0}));
    String seats = SCHEDULES + date + "/seats";
    assertThat(http.get(seats).bearer(DispatcherFixture.VIEWER).expect(200).getJsonArray("states"))
        .isEqualTo(JsonArray.of(1, 0, 2, 3, 0, 0));
    hold(0, "5 minutes");
    block(ids(3).put("note", "Band")).expect(200);
    JsonObject held =
        http.get(seats + "/" + date + "-0").bearer(DispatcherFixture.VIEWER).expect(200);
    assertThat(held.getString("seatNo")).isEqualTo("A-1-1");
    assertThat(held.getInteger("state")).isEqualTo(1);
    assertThat(held.getJsonObject("hold").getLong("userNumber")).isEqualTo(guest.number().number());
    assertThat(held.encode()).doesNotContain(guest.uuid().reveal());
    JsonObject house =
        http.get(seats + "/" + date + "-3").bearer(DispatcherFixture.VIEWER).expect(200);
    assertThat(house.getInteger("state")).isEqualTo(3);
    assertThat(house.getValue("hold")).isNull();
    assertThat(house.getJsonObject("block").getString("note")).isEqualTo("Band");
    for (String none : List.of(date + "-6", dispatcher.seat, "x")) {
      http.get(seats + "/" + none).bearer(DispatcherFixture.VIEWER).expect(404, "NOT_FOUND");
    }
  }
}
