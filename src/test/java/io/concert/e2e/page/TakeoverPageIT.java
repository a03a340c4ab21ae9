package io.concert.e2e.page;

import static io.concert.Patience.until;

import io.concert.e2e.Buyer;
import io.concert.e2e.ServiceProcess;
import io.concert.e2e.TestService;
import io.concert.e2e.TestService.Sale;
import io.concert.e2e.page.Browser.Device;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A node dies under a buyer's page, and another one takes over behind the same address. */
class TakeoverPageIT {
  private static final String QUEUE = "/api/v1/users/queueEntity";

  @BeforeAll
  static void needsABrowser() {
    Browser.assume();
  }

  @Test
  void placeIsKeptAndThePurchaseGoesOn() {
    try (TestService service = new TestService(Map.of())) {
      ServiceProcess dies = service.startNode();
      ServiceProcess lives = service.startNode();
      Sale sale = service.openSale(lives, 6, 99_000);
      lives
          .api()
          .send(
              "PUT",
              "/api/v1/admin/rooms/default",
              TestService.ADMIN_TOKEN,
              "{\"capacity\":1,\"presenceSeconds\":600}")
          .mustBe(200);
      Buyer inside = Buyer.guest(lives.api()).isAdmitted();
      try (OneOrigin origin = OneOrigin.before(dies, lives);
          Browser browser = Browser.open(origin.url(), Device.DESKTOP)) {
        browser.goes("/?concert=" + sale.concertId() + "&date=" + sale.scheduleId());
        browser.clicks(".join button").seesText(".place .numeral", "0");
        dies.kill();
        browser.seesNo(".notice.warn[role=status]").seesText(".place .numeral", "0");

        until(
            "who was inside leaves",
            Browser.PATIENCE,
            () -> lives.api().send("DELETE", QUEUE, inside.token(), null).status() == 204);
        browser.clicks(".best .quiet").sees(".charge-form .main");
        browser.clicks(".charge-form .main").clicks(".buttons .main.large").sees(".ticket");
      }
      service.assertInvariants();
    }
  }
}
