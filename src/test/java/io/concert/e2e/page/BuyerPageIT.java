package io.concert.e2e.page;

import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.concert.e2e.Buyer;
import io.concert.e2e.TestService;
import io.concert.e2e.TestService.Sale;
import io.concert.e2e.page.Browser.Device;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openqa.selenium.Keys;

/** The buyer's page in a real browser. */
class BuyerPageIT {
  private static final long PRICE = 99_000;
  private static final String QUEUE = "/api/v1/users/queueEntity";
  private static final String SEAT = ".row-seats .seat:nth-child(%d)";

  @RegisterExtension
  private static final SharedNode shared = new SharedNode(Map.of("HOLD_SECONDS", "300"));

  /** Each test has a waiting room of its own: what another one left in line is nothing to it. */
  private final String room = "room-" + System.nanoTime();

  private Sale sale;

  @BeforeEach
  void openSale() {
    room(Map.of("capacity", 100));
    sale = shared.service().openSale(shared.node(), 24, PRICE, room);
  }

  @AfterEach
  void invariantsHold() {
    shared.service().assertInvariants();
  }

  private void room(Map<String, ?> settings) {
    String json =
        settings.entrySet().stream()
            .map(setting -> "\"" + setting.getKey() + "\":" + setting.getValue())
            .collect(Collectors.joining(",", "{", "}"));
    shared
        .node()
        .api()
        .send("PUT", "/api/v1/admin/rooms/" + room, TestService.ADMIN_TOKEN, json)
        .mustBe(200);
  }

  private String deepLink() {
    return "/?concert=" + sale.concertId() + "&date=" + sale.scheduleId();
  }

  static List<Device> devices() {
    return List.of(
        Device.DESKTOP,
        Device.DESKTOP.korean().inTheDark(),
        Device.phone().korean(),
        Device.phone().inTheDark());
  }

  @ParameterizedTest
  @MethodSource("devices")
  void guestGoesFromTheCatalogueToTheTickets(Device device) {
    try (Browser browser = Browser.open(shared.node(), device)) {
      browser.goes("/").sees(".show a");
      browser.isFitToBeSeen("catalogue");
      browser.clicks(".show a[href*='concert=" + sale.concertId() + "']").sees(".join button");
      browser.isFitToBeSeen("concert");
      browser.clicks(".join button").clicks(".date a").sees("canvas");
      browser.chooses(".list select", "0").clicks(SEAT.formatted(3)).clicks(SEAT.formatted(4));
      browser.rests().isFitToBeSeen("seats");

      browser.reloads().sees("canvas"); // The turn goes on; only what was not held yet is gone.
      browser.chooses(".list select", "0").clicks(SEAT.formatted(3)).clicks(SEAT.formatted(4));
      browser.clicks(".tray .main").sees(".hold-clock");
      browser.sees(".charge-form .main");
      browser.isFitToBeSeen("pay");
      browser.reloads().sees(".charge-form .main"); // Held is held, whatever the page does.
      browser.clicks(".charge-form .main").clicks(".buttons .main.large").sees(".ticket");
      browser.rests().isFitToBeSeen("tickets");
      assertThat(browser.textOf(".ticket-seat")).contains("A-1-3").contains("A-1-4");

      browser.goes("/?view=account").sees(".numeral");
      browser.sees(".money .lines");
      browser.isFitToBeSeen("account");
      assertThat(browser.textOf(".money .lines")).contains("99,000");
    }
  }

  @Test
  void languageIsSwitchedAndStaysInTheAddress() {
    try (Browser browser = Browser.open(shared.node(), Device.DESKTOP.korean())) {
      browser.goes("/?concert=" + sale.concertId()).seesText("h1", "Test concert");
      browser.seesText(".join button", "대기열");
      browser.clicks(".language").seesText(".join button", "queue");
      assertThat(browser.path()).contains("lang=en").contains("concert=" + sale.concertId());
      browser.reloads().seesText(".join button", "queue");
      assertThat(browser.runs("return document.documentElement.lang")).isEqualTo("en");
    }
  }

  @Test
  void everythingCanBeDoneWithTheKeyboard() {
    try (Browser browser = Browser.open(shared.node(), Device.DESKTOP)) {
      browser.goes(deepLink()).sees(".join button");
      browser.tabsTo("Join the queue").presses(Keys.ENTER).sees(".list select");
      browser.runs("document.querySelector('.list select').focus()");
      browser.presses(Keys.ARROW_DOWN).sees(SEAT.formatted(1));
      browser.tabsTo("A, row 1, seat 1").presses(Keys.SPACE);
      browser.tabsTo("Hold this seat").presses(Keys.ENTER).sees(".charge-form .main");
      browser.tabsTo("Charge").presses(Keys.ENTER).sees(".buttons .main.large");
      browser.tabsTo("Pay ₩").presses(Keys.ENTER).sees(".ticket");
      assertThat(browser.textOf(".ticket-seat")).contains("A-1-1");
    }
  }

  @Test
  void whoIsTooLateHearsWhichSeatAndIsOfferedTheNearest() {
    try (Browser quick = Browser.open(shared.node(), Device.DESKTOP);
        Browser slow = Browser.open(shared.node(), Device.DESKTOP)) {
      for (Browser one : List.of(quick, slow)) {
        one.goes(deepLink()).clicks(".join button").sees("canvas");
        one.chooses(".list select", "0").clicks(SEAT.formatted(7)).sees(".tray .main");
      }
      // What the slow one knows is old: the page must not learn of the seat before it asks for it.
      slow.runs("document.querySelector('canvas').seatMap.plan.change = () => []");
      quick.clicks(".tray .main").sees(".hold-clock");
      slow.clicks(".tray .main").seesText(".tray .notice.bad", "seat 7");
      slow.isFitToBeSeen("lost");
      slow.clicks(".tray .notice .quiet").clicks(".tray .main").sees(".hold-clock");
      assertThat(slow.textOf(".lines .line-name")).containsAnyOf("A-1-6", "A-1-8");
    }
  }

  @Test
  void waitingRoomMovesUpIsPausedAndLetsIn() {
    room(Map.of("capacity", 1, "presenceSeconds", 600));
    String inside = enters("ACTIVE");
    String ahead = enters("WAITING");
    try (Browser browser = Browser.open(shared.node(), Device.phone())) {
      browser.goes(deepLink()).clicks(".join button").seesText(".place .numeral", "1");
      browser.isFitToBeSeen("waiting");
      browser.clicks(".waiting > p > .quiet").sees("dialog[open]");
      browser.isFitToBeSeen("leaving");
      browser.clicks("dialog .quiet").seesNo("dialog");

      room(Map.of("capacity", 1, "paused", true, "presenceSeconds", 600));
      message("\"Back in five minutes\"");
      browser.seesText("h1", "paused");
      browser.seesText(".notice", "Back in five minutes");
      browser.isFitToBeSeen("paused");
      message("null");
      room(Map.of("capacity", 1, "presenceSeconds", 600));

      leaves(ahead);
      browser.seesText(".place .numeral", "0");
      browser.reloads().seesText(".place .numeral", "0"); // The same place, not a new one.
      leaves(inside);
      browser.sees("canvas");
      assertThat(browser.textOf("#urgent")).contains("your turn");
    }
  }

  /** Somebody without a browser. */
  @CanIgnoreReturnValue
  private String enters(String state) {
    String uuid = Buyer.guest(shared.node().api()).uuid();
    String token =
        shared
            .node()
            .api()
            .post(QUEUE, null, Map.of("uuid", uuid, "concertId", sale.concertId()))
            .mustBe(201)
            .text("jwt");
    until(
        "somebody is " + state,
        Browser.PATIENCE,
        () -> shared.node().api().send("POST", QUEUE, token, null).text("state").equals(state));
    return token;
  }

  private static void leaves(String token) {
    shared.node().api().send("DELETE", QUEUE, token, null).mustBe(204);
  }

  private void message(String text) {
    shared
        .node()
        .api()
        .send(
            "PUT",
            "/api/v1/admin/rooms/" + room + "/message",
            TestService.ADMIN_TOKEN,
            "{\"text\":" + text + "}")
        .mustBe(200);
  }

  @Test
  void whoComesBeforeTheOpeningSeesTheCountdown() {
    room(Map.of("capacity", 100, "opensAt", "\"2098-12-31T00:00:00Z\""));
    try (Browser browser = Browser.open(shared.node(), Device.DESKTOP.inTheDark())) {
      browser.goes(deepLink()).sees(".opening .numeral");
      browser.clicks(".join button").seesText("h1", "opens soon");
      browser.sees("details summary");
      browser.isFitToBeSeen("not-open");
      room(Map.of("capacity", 100)); // Opened now: the order is drawn, and this one is alone.
      browser.sees("canvas");
    } finally {
      room(Map.of("capacity", 100));
    }
  }

  @Test
  void badLineIsToldAndMended() {
    room(Map.of("capacity", 1, "presenceSeconds", 600));
    enters("ACTIVE");
    try (Browser browser = Browser.open(shared.node(), Device.DESKTOP)) {
      browser.goes(deepLink()).clicks(".join button").sees(".place");
      // The stream that is open isn't cut by going offline; a new one can't be opened.
      browser.goesOffline(true);
      browser.runs("dispatchEvent(new Event('online'))");
      browser.sees(".notice.warn[role=status]");
      browser.isFitToBeSeen("offline");
      browser.goesOffline(false);
      browser.runs("dispatchEvent(new Event('online'))");
      browser.seesNo(".notice.warn[role=status]");
      browser.sees(".place .numeral");
    }
  }

  @Test
  void doubleClickAndReloadPayOnce() {
    try (Browser browser = Browser.open(shared.node(), Device.DESKTOP)) {
      browser.goes(deepLink()).clicks(".join button").sees("canvas");
      browser.clicks(".best .quiet").sees(".charge-form .main");
      browser.runs(
          "const b = document.querySelector('.charge-form .main'); b.click(); b.click();"
              + " b.click()");
      browser.sees(".buttons .main.large");
      browser.runs(
          "const b = document.querySelector('.buttons .main.large'); b.click(); b.click();"
              + "location.reload()");
      until(
          "it is paid or can be",
          Browser.PATIENCE,
          () ->
              browser.has(".notice.good a")
                  || browser.has(".ticket")
                  || browser.has(".buttons .main.large"));
      if (browser.has(".buttons .main.large")) {
        browser.clicks(".buttons .main.large"); // The reload came before the request had left.
      }
      browser.goes("/?view=tickets").sees(".ticket");
      browser.goes("/?view=account").seesText(".small-numeral", "0");
    }
    assertThat(
            shared
                .service()
                .database()
                .number(
                    "select count(*) from bill where schedule_id = "
                        + sale.scheduleId().substring(1)))
        .isEqualTo(2);
  }

  @Test
  void ticketIsGivenBack() {
    try (Browser browser = Browser.open(shared.node(), Device.DESKTOP)) {
      browser.goes(deepLink()).clicks(".join button").sees("canvas");
      browser.chooses(".list select", "0").clicks(SEAT.formatted(1)).clicks(".tray .main");
      browser.clicks(".charge-form .main").clicks(".buttons .main.large").sees(".ticket");
      browser.clicks(".ticket-actions .text:last-child").sees("dialog[open]");
      browser.isFitToBeSeen("refund");
      browser.clicks("dialog .danger").seesNo(".ticket");
      browser.seesText(".column", "Refunded");
      browser.goes("/?view=account").seesText(".small-numeral", "99,000");
    }
  }

  @Test
  void userWithAPasswordLogsInBuysAndIsTheGuestAgainAfterwards() {
    String email = "kim" + System.nanoTime() + "@example.org";
    try (Browser browser = Browser.open(shared.node(), Device.DESKTOP)) {
      browser.goes("/?view=account").clicks(".login .text");
      browser.types("[name=email]", email).types("[name=password]", "short");
      browser.clicks(".login .main").sees(".notice.bad");
      browser.isFitToBeSeen("register-refused");
      browser.types("[name=password]", "long enough to be safe").clicks(".login .main");
      browser.seesText(".lead", email);
      browser.goes(deepLink()).clicks(".join button").sees("canvas");
      browser.chooses(".list select", "0").clicks(SEAT.formatted(2)).clicks(".tray .main");
      browser.clicks(".charge-form .main").clicks(".buttons .main.large").sees(".ticket");
      browser.goes("/?view=account").clicks(".lead + .quiet").seesNo(".lead + .quiet");
      browser.goes("/?view=tickets").seesNo(".ticket");
      browser.goes("/?view=account").types("[name=email]", email);
      browser.types("[name=password]", "long enough to be safe").clicks(".login .main");
      browser.seesText(".lead", email).goes("/?view=tickets").sees(".ticket");
    }
  }

  @Test
  void pageAsksNobodyElse() {
    try (Browser browser = Browser.open(shared.node(), Device.DESKTOP)) {
      browser.goes(deepLink()).clicks(".join button").sees("canvas");
      assertThat(
              browser.runs(
                  "return performance.getEntriesByType('resource').filter(r =>"
                      + " !r.name.startsWith(location.origin)).map(r => r.name)"))
          .isEqualTo(List.of());
    }
  }
}
