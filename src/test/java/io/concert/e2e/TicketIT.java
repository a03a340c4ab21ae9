package io.concert.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.concert.e2e.TestService.Sale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tickets from the bill to the door. */
class TicketIT {
  private static final long PRICE = 99_000;
  private static final String CHECK = "/api/v1/admin/tickets/check";

  private static TestService service;
  private static ServiceProcess node;

  private final Sale sale = service.openSale(node, 2, PRICE);
  private final Buyer buyer = Buyer.guest(node.api()).isAdmitted();
  private final String bill = pays();

  @BeforeAll
  static void start() {
    service = new TestService(Map.of("QUEUE_END_AFTER_PAYMENT", "false"));
    node = service.startNode();
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  private String pays() {
    buyer.holds(sale.scheduleId(), sale.seatId(0)).mustBe(200);
    buyer.charges(PRICE).mustBe(200);
    return buyer.pays(sale.scheduleId(), sale.seatId(0), PRICE).mustBe(201).text("billId");
  }

  private Answer asks(Buyer who) {
    return node.api().get("/api/v1/accounts/bills/" + bill + "/ticket", who.token());
  }

  private static Answer shows(String ticket) {
    return node.api().post(CHECK, TestService.ADMIN_TOKEN, Map.of("ticket", ticket)).mustBe(200);
  }

  @Test
  void opensTheDoorOnceAndSaysWhenThatWas() {
    Answer ticket = asks(buyer).mustBe(200);
    assertThat(asks(buyer).body()).isEqualTo(ticket.body());
    JsonNode qr = ticket.body().path("qr");
    assertThat(qr.size()).isGreaterThanOrEqualTo(21);
    assertThat(qr).allSatisfy(row -> assertThat(row.asText()).matches("[01]{" + qr.size() + "}"));

    Answer first = shows(ticket.text("ticket"));
    assertThat(first.text("verdict")).isEqualTo("ENTERED");
    assertThat(first.text("billId")).isEqualTo(bill);
    assertThat(first.text("seatNo")).isEqualTo("A-1-1");
    Answer second = shows(ticket.text("ticket"));
    assertThat(second.text("verdict")).isEqualTo("USED");
    assertThat(second.text("enteredAt")).isEqualTo(first.text("enteredAt"));
  }

  @Test
  void isWorthNothingOnceItWasGivenBack() {
    String ticket = asks(buyer).mustBe(200).text("ticket");
    node.api()
        .send("POST", "/api/v1/accounts/bills/" + bill + "/refund", buyer.token(), null)
        .mustBe(200);
    assertThat(shows(ticket).text("verdict")).isEqualTo("REFUNDED");
    asks(buyer).mustBeProblem(404, "NOT_FOUND");
  }

  @Test
  void isWorthNothingOnceItsDateIsCalledOff() {
    String ticket = asks(buyer).mustBe(200).text("ticket");
    node.api()
        .post(
            "/api/v1/admin/schedules/" + sale.scheduleId() + "/cancel",
            TestService.ADMIN_TOKEN,
            Map.of())
        .mustBe(200);
    assertThat(shows(ticket).text("verdict")).isIn("CANCELLED", "REFUNDED");
  }

  @Test
  void isItsBuyersAloneAndNobodyMakesOne() {
    asks(Buyer.guest(node.api()).isAdmitted()).mustBeProblem(404, "NOT_FOUND");
    String ticket = asks(buyer).mustBe(200).text("ticket");
    String seal = ticket.substring(ticket.lastIndexOf('.') + 1);
    for (String made :
        new String[] {
          "T1.b999999." + seal,
          "T1." + bill + "." + "A".repeat(22),
          "T1." + bill + ".",
          "T1.x." + seal,
          "b1",
          "'; drop table bill; --"
        }) {
      assertThat(shows(made).text("verdict")).isEqualTo("UNKNOWN");
    }
    node.api().post(CHECK, null, Map.of("ticket", ticket)).mustBeProblem(401, "UNAUTHORIZED");
    node.api()
        .post(CHECK, TestService.ADMIN_TOKEN, Map.of("ticket", "x".repeat(201)))
        .mustBeProblem(400, "MALFORMED");
    assertThat(shows(ticket).text("verdict")).isEqualTo("ENTERED");
  }
}
