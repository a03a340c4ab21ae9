package io.concert.e2e;

import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.concert.e2e.TestService.Sale;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What an operator changes at one node is so at the other within a second. */
class BanAcrossNodesIT {
  /** A second, and what a busy machine takes. */
  private static final Duration A_SECOND = Duration.ofSeconds(3);

  private static TestService service;
  private static ServiceProcess here;
  private static ServiceProcess there;

  @BeforeAll
  static void start() {
    service = new TestService(Map.of());
    here = service.startNode();
    there = service.startNode();
  }

  @AfterAll
  static void stop() {
    if (service != null) {
      service.close();
    }
  }

  @CanIgnoreReturnValue
  private static Answer changes(String path, Map<String, ?> body) {
    return here.api().patch(path, TestService.ADMIN_TOKEN, body).mustBe(200);
  }

  private static long number(Buyer buyer) {
    return service
        .database()
        .number("select number from app_user where uuid = '" + buyer.uuid() + "'");
  }

  @Test
  void bannedBuyerIsRefusedEverywhereAndKeepsWhatIsPaid() {
    Sale sale = service.openSale(here, 4, 99_000);
    Buyer buyer = Buyer.guest(there.api()).isAdmitted();
    buyer.holds(sale.scheduleId(), sale.seatId(0)).mustBe(200);
    buyer.holds(sale.scheduleId(), sale.seatId(1)).mustBe(200);
    buyer.charges(200_000).mustBe(200);
    String order =
        buyer.pays(sale.scheduleId(), sale.seatId(0), 99_000).mustBe(201).text("orderNumber");
    String path = "/api/v1/admin/users/" + number(buyer);

    Answer banned = changes(path, Map.of("banned", true, "reason", "resale"));
    assertThat(banned.body().path("holdsReleased").asInt()).isEqualTo(1);

    // The database's word, without waiting for the other node to hear of it.
    assertThat(buyer.pays(sale.scheduleId(), sale.seatId(1), 99_000).mustBe(403).text("code"))
        .isEqualTo("BANNED");
    assertThat(buyer.holds(sale.scheduleId(), sale.seatId(2)).status()).isEqualTo(403);
    until("the other node knows", A_SECOND, () -> buyer.entersQueue().status() == 403);
    assertThat(
            there
                .api()
                .get("/api/v1/accounts/orders/" + order, buyer.token())
                .mustBe(200)
                .body()
                .path("total")
                .asLong())
        .isEqualTo(99_000);
    Answer shown =
        there.api().get("/api/v1/admin/orders/" + order, TestService.ADMIN_TOKEN).mustBe(200);
    assertThat(shown.body().path("userNumber").asLong()).isEqualTo(number(buyer));

    Buyer other = Buyer.guest(here.api()).isAdmitted();
    other.holds(sale.scheduleId(), sale.seatId(1)).mustBe(200);

    changes(path, Map.of("banned", false));
    until("the other node knows", A_SECOND, () -> buyer.entersQueue().status() != 403);
    service.assertInvariants();
  }

  @Test
  void changedConcertIsShownEverywhere() {
    Sale sale = service.openSale(here, 4, 99_000);
    String concert = "/api/v1/concerts/" + sale.concertId();
    there.api().get(concert, null).mustBe(200);
    changes(
        "/api/v1/admin/concerts/" + sale.concertId(), Map.of("title", "Renamed", "holdLimit", 1));
    until(
        "the other node shows it",
        A_SECOND,
        () -> there.api().get(concert, null).mustBe(200).text("title").equals("Renamed"));
    Buyer buyer = Buyer.guest(there.api()).isAdmitted();
    buyer.holds(sale.scheduleId(), sale.seatId(0)).mustBe(200);
    assertThat(buyer.holds(sale.scheduleId(), sale.seatId(1)).mustBe(200).text("reason"))
        .isEqualTo("LIMIT_REACHED");
  }
}
