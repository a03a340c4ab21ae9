package io.concert.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.e2e.TestService.Sale;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many at once on one node. */
class CrowdIT {
  /** Often enough to stay present, also on a slow machine. */
  private static final Duration ASK_EVERY = Duration.ofSeconds(5);

  private static final long PRICE = 77_000;

  private TestService service = new TestService(Map.of());

  @AfterEach
  void stop() {
    service.assertInvariants();
    service.close();
  }

  @Test
  void twoHundredFightForFiftySeatsAndFiftyGetThem() {
    service.close();
    service = new TestService(Map.of("QUEUE_CAPACITY", "300", "HOLD_LIMIT", "1"));
    ServiceProcess node = service.startNode();
    Sale sale = service.openSale(node, 50, PRICE);
    List<Buyer> crowd = admitted(node, 200);

    for (int round = 0; round < 4; round++) {
      List<CompletableFuture<Answer>> tries = new ArrayList<>();
      for (int i = 0; i < crowd.size(); i++) {
        int seat = (i + round * 13) % 50;
        tries.add(crowd.get(i).triesToHold(sale.scheduleId(), sale.seatId(seat)));
      }
      for (CompletableFuture<Answer> one : tries) {
        Answer answer = one.join().mustBe(200);
        boolean held = answer.body().get("isReserved").asBoolean();
        assertThat(held || answer.text("reason").matches("SEAT_TAKEN|LIMIT_REACHED"))
            .as("%s", answer.body())
            .isTrue();
      }
    }
    List<CompletableFuture<Answer>> payments = new ArrayList<>();
    Set<String> sold = new HashSet<>();
    Map<String, Integer> held = heldSeats(sale);
    for (Buyer buyer : crowd) {
      buyer.charges(PRICE).mustBe(200);
      Integer seat = held.get(buyer.uuid());
      if (seat != null) {
        payments.add(buyer.triesToPay(sale.scheduleId(), sale.seatId(seat), PRICE));
      }
    }
    for (CompletableFuture<Answer> payment : payments) {
      assertThat(sold.add(payment.join().mustBe(201).text("seatId"))).isTrue();
    }

    assertThat(sold).hasSize(50);
    assertThat(service.database().number("select count(*) from bill")).isEqualTo(50);
  }

  @Test
  void twentyPaymentsOfOneHoldGetTheSameBillAndOneDebit() {
    ServiceProcess node = service.startNode();
    Sale sale = service.openSale(node, 1, PRICE);
    Buyer buyer = Buyer.guest(node.api()).isAdmitted();
    buyer.holds(sale.scheduleId(), sale.seatId(0)).mustBe(200);
    buyer.charges(10 * PRICE).mustBe(200);

    List<CompletableFuture<Answer>> tries = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      tries.add(buyer.triesToPay(sale.scheduleId(), sale.seatId(0), PRICE));
    }
    Set<String> bills = new HashSet<>();
    tries.forEach(one -> bills.add(one.join().mustBe(201).text("billId")));

    assertThat(bills).hasSize(1);
    assertThat(buyer.balance()).isEqualTo(9 * PRICE);
    assertThat(service.database().number("select count(*) from bill")).isEqualTo(1);
  }

  @Test
  void threeHundredPassARoomOfTenInOrder() {
    service.close();
    service = new TestService(Map.of("QUEUE_CAPACITY", "10"));
    ServiceProcess node = service.startNode();
    Sale sale = service.openSale(node, 300, PRICE);
    List<Buyer> crowd = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      Buyer buyer = Buyer.guest(node.api());
      buyer.entersQueue().mustBe(201);
      crowd.add(buyer);
    }

    // Everyone keeps polling, so everyone is present; who is let in buys and makes room.
    int bought = 0;
    long presentNanos = System.nanoTime();
    while (bought < 300) {
      int before = bought;
      for (int i = bought; i < Math.min(300, before + 25); i++) {
        Answer place = crowd.get(i).polls().mustBe(202);
        if (place.text("state").equals("ACTIVE")) {
          assertThat(i).as("nobody overtakes").isEqualTo(bought);
          crowd.get(i).buys(sale.scheduleId(), sale.seatId(i));
          bought++;
        } else {
          break;
        }
      }
      assertThat(
              service.database().number("select count(*) from room_session where ended_at is null"))
          .isLessThanOrEqualTo(10);
      if (System.nanoTime() - presentNanos > ASK_EVERY.toNanos()) {
        presentNanos = System.nanoTime();
        crowd.subList(bought, 300).forEach(buyer -> buyer.polls().mustBe(202));
      }
    }

    assertThat(
            service
                .database()
                .number(
                    """
                    select count(*) from (
                      select sequence, lag(sequence) over (order by admitted_at, id) as before
                      from room_session) s
                    where sequence < before
                    """))
        .as("admitted out of order")
        .isZero();
  }

  /** By the UUID of who holds it; nobody here holds more than one. */
  private Map<String, Integer> heldSeats(Sale sale) {
    String query =
        "select u.uuid::text, c.seat from seat_claim c join app_user u on u.number = c.user_number"
            + " where c.state = 1 and c.schedule_id = "
            + sale.scheduleId().substring(1);
    Map<String, Integer> held = new HashMap<>();
    try (Connection connection = service.database().jdbc();
        ResultSet rows = connection.createStatement().executeQuery(query)) {
      while (rows.next()) {
        held.put(rows.getString(1), rows.getInt(2));
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    return held;
  }

  private static List<Buyer> admitted(ServiceProcess node, int count) {
    List<Buyer> crowd = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Buyer buyer = Buyer.guest(node.api());
      buyer.entersQueue().mustBe(201);
      crowd.add(buyer);
    }
    crowd.forEach(Buyer::isAdmitted);
    return crowd;
  }
}
