package io.concert.e2e.page;

import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.concert.e2e.TestService.Sale;
import io.concert.e2e.page.Browser.Device;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a buyer sees when the time to pay runs out, in a real browser. */
class HoldEndPageIT {
  private static final String SEAT = ".row-seats .seat:nth-child(1)";

  @RegisterExtension
  private static final SharedNode shared =
      new SharedNode(Map.of("HOLD_SECONDS", "30", "HOLD_EXTENSION_SECONDS", "1200"));

  private final Sale sale = shared.service().openSale(shared.node(), 3, 99_000);

  @AfterAll
  static void booksAreRight() {
    shared.service().assertInvariants();
  }

  private Browser holdsASeat(Device device) {
    Browser browser = Browser.open(shared.node(), device);
    browser.goes("/?concert=" + sale.concertId() + "&date=" + sale.scheduleId());
    browser.clicks(".join button").sees("canvas");
    browser.chooses(".list select", "0").clicks(SEAT).clicks(".tray .main").sees(".hold-clock");
    return browser;
  }

  @Test
  void isWarnedAndToldWhichSeatIsGone() {
    try (Browser browser = holdsASeat(Device.phone())) {
      browser.sees(".hold-clock.soon, .hold-clock.last");
      browser.isFitToBeSeen("hold-ends");
      browser.seesText("h1", "ended").seesText(".notice.bad", "A-1-1");
      browser.isFitToBeSeen("hold-ended");
      browser.clicks(".column .quiet").sees("canvas"); // The turn goes on: another try.
    }
  }

  @Test
  void takesMoreTimeOnce() {
    try (Browser browser = holdsASeat(Device.DESKTOP.korean())) {
      browser.clicks(".extend").seesNo(".extend");
      until(
          "the clock shows the longer time",
          Browser.PATIENCE,
          () -> browser.textOf(".hold-time time").matches("(1\\d|2\\d):\\d\\d"));
      browser.isFitToBeSeen("hold-extended");
      browser.reloads().sees(".hold-clock");
      browser.sees(".charge-form .main");
      assertThat(browser.has(".extend")).isFalse();
    }
  }
}
