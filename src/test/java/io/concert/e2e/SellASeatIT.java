package io.concert.e2e;

import static io.concert.Patience.until;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.concert.e2e.TestService.Sale;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One node, one buyer after the other: the contract as a front end meets it. */
class SellASeatIT {
  private static final long PRICE = 99_000;

  private static TestService service;
  private static ServiceProcess node;

  @BeforeAll
  static void start() {
    service = new TestService(Map.of("HOLD_SECONDS", "3"));
    node = service.startNode();
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @AfterEach
  void invariantsHold() {
    service.assertInvariants();
  }

  /** The admission waits for a lock meanwhile: it names the guest, and knows nothing of the end. */
  @Test
  void whoLeavesWhileBeingLetInKeepsNoSlot() throws SQLException {
    Buyer buyer = Buyer.guest(node.api());
    try (Connection admin = service.database().jdbc();
        Statement lock = admin.createStatement()) {
      admin.setAutoCommit(false);
      lock.execute("select from room where id = 'default' for no key update");
      buyer.entersQueue().mustBe(201);
      until("the admission waits for the room", ofSeconds(10), () -> admissionsThatWait() == 1);
      buyer.leaves().mustBe(204);
      admin.commit();
    }

    until(
        "it let the guest in, and ended the session",
        ofSeconds(10),
        () -> sessionsOf(buyer, "is not null") == 1);
    assertThat(sessionsOf(buyer, "is null")).isZero();
    assertThat(buyer.polls().mustBe(202).text("state")).isEqualTo("ENDED");
  }

  private static long admissionsThatWait() {
    return service
        .database()
        .number(
            "select count(*) from pg_stat_activity where query like '%from admit(%'"
                + " and wait_event_type = 'Lock' and datname = current_database()");
  }

  private static long sessionsOf(Buyer buyer, String ended) {
    return service
        .database()
        .number(
            "select count(*) from room_session s join app_user u on u.number = s.user_number"
                + " where u.uuid = '"
                + buyer.uuid()
                + "' and s.ended_at "
                + ended);
  }

  @Test
  void guestGoesTheWholeWayFromTheQueueToTheBill() {
    Sale sale = service.openSale(node, 3, PRICE);
    Buyer buyer = Buyer.guest(node.api());

    Answer entered = buyer.entersQueue().mustBe(201);
    assertThat(entered.text("jwt")).isEqualTo(buyer.entersQueue().mustBe(202).text("jwt"));
    buyer.isAdmitted();
    Answer admitted = buyer.polls().mustBe(202);
    assertThat(admitted.number("waitingUserNum")).isZero();
    assertThat(admitted.text("jwt")).isEqualTo(entered.text("jwt"));
    assertThat(Instant.parse(admitted.text("sessionExpiresAt")))
        .isAfter(Instant.parse(admitted.text("serverTime")));

    Answer dates = buyer.dates(sale.concertId()).mustBe(200);
    assertThat(dates.body().get("scheduleIds").toString())
        .isEqualTo("[\"" + sale.scheduleId() + "\"]");
    assertThat(dates.body().get("scheduleDates").toString())
        .isEqualTo("[\"2099-01-01T10:00:00.000Z\"]");

    Answer seats = buyer.seats(sale.scheduleId()).mustBe(200);
    assertThat(seats.body().get("seatNos").toString()).isEqualTo("[\"A-1-1\",\"A-1-2\",\"A-1-3\"]");

    Answer hold = buyer.holds(sale.scheduleId(), sale.seatId(1)).mustBe(200);
    assertThat(hold.body().get("isReserved").asBoolean()).isTrue();
    assertThat(hold.text("seatNo")).isEqualTo("A-1-2");
    assertThat(hold.number("price")).isEqualTo(PRICE);
    Instant reservedAt = Instant.parse(hold.text("reservedAt"));
    assertThat(Instant.parse(hold.text("holdDeadline"))).isEqualTo(reservedAt.plusSeconds(3));

    buyer.pays(sale.scheduleId(), sale.seatId(1), PRICE).mustBe(402);
    assertThat(buyer.charges(100_000).mustBe(200).number("balance")).isEqualTo(100_000);
    Answer bill = buyer.pays(sale.scheduleId(), sale.seatId(1), PRICE).mustBe(201);
    assertThat(bill.text("buyerId")).isEqualTo(buyer.uuid());
    assertThat(bill.text("seatId")).isEqualTo(sale.seatId(1));
    assertThat(bill.number("price")).isEqualTo(PRICE);
    assertThat(buyer.balance()).isEqualTo(1_000);

    Answer again = buyer.pays(sale.scheduleId(), sale.seatId(1), PRICE).mustBe(201);
    assertThat(again.body()).isEqualTo(bill.body());
    assertThat(buyer.balance()).isEqualTo(1_000);
  }

  @Test
  void secondBuyerIsToldThatTheSeatIsTaken() {
    Sale sale = service.openSale(node, 2, PRICE);
    Buyer first = Buyer.guest(node.api()).isAdmitted();
    Buyer second = Buyer.guest(node.api()).isAdmitted();
    first.holds(sale.scheduleId(), sale.seatId(0)).mustBe(200);

    Answer refused = second.holds(sale.scheduleId(), sale.seatId(0)).mustBe(200);
    assertThat(refused.body().get("isReserved").asBoolean()).isFalse();
    assertThat(refused.text("reason")).isEqualTo("SEAT_TAKEN");
    assertThat(refused.body().get("holdDeadline").isNull()).isTrue();
    assertThat(refused.text("seatNo")).isEqualTo("A-1-1");
    second.pays(sale.scheduleId(), sale.seatId(0), PRICE).mustBeProblem(403, "HOLD_REQUIRED");
    assertThat(second.freeSeats(sale.scheduleId())).containsExactly(sale.seatId(1));
  }

  @Test
  void unpaidHoldIsFreeWithinASecondOfItsDeadline() {
    Sale sale = service.openSale(node, 1, PRICE);
    Buyer first = Buyer.guest(node.api()).isAdmitted();
    Buyer second = Buyer.guest(node.api()).isAdmitted();
    Answer hold = first.holds(sale.scheduleId(), sale.seatId(0)).mustBe(200);
    Answer again = first.holds(sale.scheduleId(), sale.seatId(0)).mustBe(200);
    assertThat(again.text("holdDeadline")).isEqualTo(hold.text("holdDeadline"));
    assertThat(again.text("holdId")).isEqualTo(hold.text("holdId"));

    until(
        "the seat is free again",
        Duration.ofSeconds(10),
        () -> !second.freeSeats(sale.scheduleId()).isEmpty());
    Answer seen = second.polls();
    Duration after =
        Duration.between(
            Instant.parse(hold.text("holdDeadline")), Instant.parse(seen.text("serverTime")));

    assertThat(after).isBetween(Duration.ofMillis(-1), Duration.ofMillis(1_200));
    first.charges(PRICE).mustBe(200);
    first.pays(sale.scheduleId(), sale.seatId(0), PRICE).mustBeProblem(403, "HOLD_EXPIRED");
    second.buys(sale.scheduleId(), sale.seatId(0));
  }

  @Test
  void fifthSeatOfADateIsRefused() {
    Sale sale = service.openSale(node, 6, PRICE);
    Buyer buyer = Buyer.guest(node.api()).isAdmitted();
    for (int seat = 0; seat < 4; seat++) {
      buyer.holds(sale.scheduleId(), sale.seatId(seat)).mustBe(200);
    }

    Answer fifth = buyer.holds(sale.scheduleId(), sale.seatId(4)).mustBe(200);
    assertThat(fifth.body().get("isReserved").asBoolean()).isFalse();
    assertThat(fifth.text("reason")).isEqualTo("LIMIT_REACHED");
  }

  @Test
  void closedSaleHoldsNothingButTakesPayments() {
    Sale sale = service.openSale(node, 2, PRICE);
    Buyer buyer = Buyer.guest(node.api()).isAdmitted();
    Answer hold = buyer.holds(sale.scheduleId(), sale.seatId(0)).mustBe(200);
    node.api()
        .post(
            "/api/v1/admin/schedules/" + sale.scheduleId() + "/close",
            TestService.ADMIN_TOKEN,
            Map.of())
        .mustBe(200);

    Answer refused = buyer.holds(sale.scheduleId(), sale.seatId(1)).mustBe(200);
    assertThat(refused.text("reason")).isEqualTo("NOT_ON_SALE");
    Answer again = buyer.holds(sale.scheduleId(), sale.seatId(0)).mustBe(200);
    assertThat(again.text("holdId")).isEqualTo(hold.text("holdId"));
    buyer.charges(PRICE).mustBe(200);
    buyer.pays(sale.scheduleId(), sale.seatId(0), PRICE).mustBe(201);
    assertThat(service.database().number("select count(*) from audit where action like '%close%'"))
        .isPositive();
  }

  @Test
  void strangersAndTheEndedAreKeptOut() {
    Sale sale = service.openSale(node, 2, PRICE);
    node.api()
        .post("/api/v1/users/queueEntity", null, Map.of("uuid", UUID.randomUUID().toString()))
        .mustBeProblem(401, "UNAUTHORIZED");
    node.get("/api/v1/reservations/dates/" + sale.concertId()).mustBeProblem(401, "UNAUTHORIZED");

    Buyer buyer = Buyer.guest(node.api()).isAdmitted();
    buyer.buys(sale.scheduleId(), sale.seatId(0));
    until(
        "the session has ended",
        Duration.ofSeconds(5),
        () -> buyer.polls().mustBe(202).text("state").equals("ENDED"));
    buyer.holds(sale.scheduleId(), sale.seatId(1)).mustBeProblem(403, "NOT_ADMITTED");
    buyer.entersQueue().mustBe(201);
  }
}
