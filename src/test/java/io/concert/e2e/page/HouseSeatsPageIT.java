package io.concert.e2e.page;

import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.concert.e2e.Buyer;
import io.concert.e2e.TestService;
import io.concert.e2e.TestService.Sale;
import io.concert.e2e.page.Browser.Device;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.openqa.selenium.Keys;

/** House seats on the operator's page, in a real browser. */
class HouseSeatsPageIT {
  private static final String PANEL = ".house ";
  private static final String SEAT = PANEL + ".row-seats .seat:nth-child(%d)";

  @RegisterExtension private static final SharedNode shared = new SharedNode(Map.of());

  private Sale sale;

  @AfterAll
  static void booksAreRight() {
    shared.service().assertInvariants();
  }

  @BeforeEach
  void openSale() {
    sale = shared.service().openSale(shared.node(), 40, 99_000);
  }

  private Browser atTheSeats(Device device) {
    Browser browser = Browser.open(shared.node(), device);
    browser.goes("/operator").types("input", TestService.ADMIN_TOKEN).presses(Keys.ENTER);
    browser.chooses(PANEL + "select", sale.scheduleId()).sees(PANEL + "canvas");
    browser.chooses(PANEL + ".list select", "0").sees(SEAT.formatted(1));
    return browser;
  }

  private int state(int seat) {
    return shared
        .node()
        .api()
        .get(
            "/api/v1/admin/schedules/" + sale.scheduleId() + "/seats/" + sale.seatId(seat),
            TestService.ADMIN_TOKEN)
        .mustBe(200)
        .body()
        .path("state")
        .asInt();
  }

  /** A finger on the map, at a seat that was brought into sight. */
  private static void touches(Browser browser, int seat) {
    Object unused =
        browser.runs(
            """
            const canvas = document.querySelector('.house canvas');
            const map = canvas.seatMap;
            canvas.scrollIntoView({block: 'center'});
            map.showSeat(arguments[0]);
            const box = canvas.getBoundingClientRect();
            const at = {bubbles: true, pointerId: 1, pointerType: 'mouse', button: 0,
              clientX: box.left + (map.plan.x[arguments[0]] - map.view.x) * map.view.k,
              clientY: box.top + (map.plan.y[arguments[0]] - map.view.y) * map.view.k};
            canvas.setPointerCapture = () => {};
            canvas.dispatchEvent(new PointerEvent('pointerdown', at));
            canvas.dispatchEvent(new PointerEvent('pointerup', at));
            """,
            seat);
  }

  @Test
  void seatsAreBlockedAndReleasedAndAHoldIsEnded() {
    Buyer buyer = Buyer.guest(shared.node().api()).isAdmitted();
    buyer.charges(99_000).mustBe(200);
    buyer.holds(sale.scheduleId(), sale.seatId(9)).mustBe(200);
    try (Browser browser = atTheSeats(Device.DESKTOP)) {
      blocksAndReleases(browser);
      endsTheHold(browser);
    }
    buyer.pays(sale.scheduleId(), sale.seatId(9), 99_000).mustBeProblem(403, "HOLD_EXPIRED");
  }

  private void blocksAndReleases(Browser browser) {
    browser.clicks(SEAT.formatted(1)).clicks(SEAT.formatted(2));
    touches(browser, 4);
    browser.seesText(PANEL + ".house-tray", "3 seats");
    browser.types(PANEL + ".house-tray input", "Press").isFitToBeSeen("house-chosen");
    browser.clicks(PANEL + ".house-tray .main").seesText(PANEL + ".blocked", "Press");
    assertThat(new int[] {state(0), state(1), state(4), state(2)}).containsExactly(3, 3, 3, 0);
    browser.isFitToBeSeen("house-blocked");
    browser.clicks(SEAT.formatted(5)).seesText(PANEL + ".house-tray", "blocked by tester");
    browser.clicks(PANEL + ".blocked button").clicks(PANEL + ".house-tray .inline .quiet");
    until("released", Browser.PATIENCE, () -> state(0) == 0 && state(4) == 0);
    browser.seesNo(PANEL + ".blocked li");
  }

  /** A whole stand is chosen without it. */
  private void endsTheHold(Browser browser) {
    browser.sees(SEAT.formatted(10) + ".state-1");
    browser.clicks(PANEL + ".list .buttons button");
    browser.seesText(PANEL + ".house-tray", "39 seats");
    browser.seesText(PANEL + ".house-tray", "1 seat is held or sold");
    browser.clicks(PANEL + ".house-tray .text").clicks(SEAT.formatted(10));
    browser.seesText(PANEL + ".house-tray", "Held by buyer no.");
    browser.clicks(PANEL + ".house-tray .danger").sees("dialog[open]");
    browser.isFitToBeSeen("house-end-hold");
    browser.clicks("dialog .quiet").seesNo("dialog");
    assertThat(state(9)).isEqualTo(1);
    browser.clicks(PANEL + ".house-tray .danger").clicks("dialog .danger");
    until("ended", Browser.PATIENCE, () -> state(9) == 0);
  }

  @Test
  void isFitForAPhoneInTheDark() {
    shared
        .node()
        .api()
        .post(
            "/api/v1/admin/schedules/" + sale.scheduleId() + "/blocks",
            TestService.ADMIN_TOKEN,
            Map.of("section", "A", "row", "1", "from", "3", "to", "9", "note", "후원사"))
        .mustBe(200);
    try (Browser browser = atTheSeats(Device.phone().korean().inTheDark())) {
      browser.seesText(PANEL + ".blocked", "후원사").clicks(SEAT.formatted(1));
      browser.seesText(PANEL + ".house-tray", "1석 막기").isFitToBeSeen("house");
    }
  }
}
