package io.concert.e2e.page;

import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.concert.e2e.Answer;
import io.concert.e2e.Buyer;
import io.concert.e2e.TestService;
import io.concert.e2e.TestService.Sale;
import io.concert.e2e.page.Browser.Device;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openqa.selenium.Keys;

/** The operator's page in a real browser. */
class OperatorPageIT {
  private static final String HEAD = "section,row,seat_no,x,y,grade,price\n";

  @RegisterExtension private static final SharedNode shared = new SharedNode(Map.of());

  @TempDir private Path files;
  private Sale sale;

  @BeforeEach
  void openSale() {
    sale = shared.service().openSale(shared.node(), 4, 99_000);
  }

  static List<Device> devices() {
    return List.of(Device.DESKTOP, Device.DESKTOP.korean().inTheDark(), Device.phone());
  }

  @ParameterizedTest
  @MethodSource("devices")
  void showsTheSaleToWhoHasAToken(Device device) {
    try (Browser browser = Browser.open(shared.node(), device)) {
      browser.goes("/operator").types("input", "not-a-token").presses(Keys.ENTER);
      browser.sees(".notice.bad");
      browser.isFitToBeSeen("operator-refused");
      browser.types("input", TestService.ADMIN_TOKEN).presses(Keys.ENTER).sees(".totals");
      browser.sees(".rooms textarea");
      browser.isFitToBeSeen("operator");
      assertThat(browser.runs("return JSON.stringify(localStorage)").toString())
          .doesNotContain(TestService.ADMIN_TOKEN);
      browser.reloads().sees(".signin"); // In memory only.
    }
  }

  @Test
  void pausesAndTellsTheLine() {
    try (Browser browser = Browser.ofOperator(shared.node(), Device.DESKTOP)) {
      browser.sees(".rooms textarea").sendKeys("잠시만 기다려 주세요");
      browser.clicks(".rooms .inline:last-of-type button");
      until(
          "the message is there",
          Browser.PATIENCE,
          () -> room().body().path("message").asText().equals("잠시만 기다려 주세요"));
      browser.clicks(".rooms .inline button:last-child");
      until("paused", Browser.PATIENCE, () -> room().text("state").equals("PAUSED"));
      browser.seesText(".rooms .state", "Paused");
      browser.clicks(".rooms .inline button.main");
      until("open again", Browser.PATIENCE, () -> room().text("state").equals("OPEN"));
    }
  }

  private static Answer room() {
    return shared.node().api().get("/api/v1/rooms/default", null).mustBe(200);
  }

  @Test
  void asksBeforeADateIsCalledOff() {
    try (Browser browser = Browser.ofOperator(shared.node(), Device.DESKTOP)) {
      String row = "tbody tr:last-child ";
      browser.clicks(row + ".text:last-child").sees("dialog[open]");
      browser.isFitToBeSeen("operator-cancel");
      browser.clicks("dialog .quiet").seesNo("dialog");
      assertThat(state()).isEqualTo("ON_SALE");
      browser.clicks(row + ".text:last-child").clicks("dialog .danger");
      until("cancelled", Browser.PATIENCE, () -> state().equals("CANCELLED"));
      browser.seesText(row, "Cancelled");
    }
  }

  private String state() {
    return shared
        .node()
        .api()
        .get("/api/v1/concerts/" + sale.concertId(), null)
        .mustBe(200)
        .body()
        .path("schedules")
        .path(0)
        .path("state")
        .asText();
  }

  @Test
  void triesASeatPlanBeforeItIsStored() throws IOException {
    try (Browser browser = Browser.ofOperator(shared.node(), Device.DESKTOP)) {
      browser.sees("[type=file]").sendKeys(file("A,1,1,0,0,R,-5\n"));
      browser.seesText(".plan-errors", "line 2");
      browser.isFitToBeSeen("operator-plan-errors");
      browser.sees("[type=file]").sendKeys(file("A,1,1,0,0,R,5\nA,1,2,1,0,R,5\nA,1,3,2,0,R,5\n"));
      browser.sees(".map.preview canvas");
      browser.chooses("section[aria-labelledby=plan-title] select", sale.scheduleId());
      browser.clicks("section[aria-labelledby=plan-title] .buttons .main").clicks("dialog .main");
      browser.seesText(".notice.good", "3 seats");
      assertThat(
              shared
                  .node()
                  .api()
                  .get("/api/v1/schedules/" + sale.scheduleId() + "/layout", null)
                  .mustBe(200)
                  .body()
                  .findValues("no"))
          .hasSize(3);
    }
  }

  private String file(String rows) throws IOException {
    Path file = Files.createTempFile(files, "plan", ".csv");
    Files.write(file, (HEAD + rows).getBytes(StandardCharsets.UTF_8));
    return file.toAbsolutePath().toString();
  }

  @Test
  void findsAnOrderAndBansItsBuyer() {
    Buyer buyer = Buyer.guest(shared.node().api()).isAdmitted();
    buyer.holds(sale.scheduleId(), sale.seatId(0)).mustBe(200);
    buyer.holds(sale.scheduleId(), sale.seatId(1)).mustBe(200);
    buyer.charges(99_000).mustBe(200);
    String order =
        buyer.pays(sale.scheduleId(), sale.seatId(0), 99_000).mustBe(201).text("orderNumber");
    String desk = ".desk ";
    try (Browser browser = Browser.ofOperator(shared.node(), Device.DESKTOP.korean())) {
      browser.types(desk + "input", "12345678901").presses(Keys.ENTER).sees(desk + ".notice");
      browser.types(desk + "input", order.replace("-", "")).presses(Keys.ENTER);
      browser.seesText(desk + ".desk-order h3", order);
      browser.types(desk + ".desk-buyer input", "재판매");
      browser.isFitToBeSeen("operator-desk");
      browser.clicks(desk + ".desk-buyer .danger").clicks("dialog .danger");
      browser.seesText(desk + ".notice.bad", "재판매");
      browser.isFitToBeSeen("operator-desk-banned");
      assertThat(buyer.polls().mustBe(403).text("code")).isEqualTo("BANNED");
      assertThat(buyer.balance()).isZero();
      browser.clicks(desk + ".desk-buyer .quiet").clicks("dialog .main");
      browser.sees(desk + ".desk-buyer input");
      until("the ban is over", Browser.PATIENCE, () -> buyer.entersQueue().status() != 403);
      browser.clicks(desk + ".lines .text").clicks("dialog .danger");
      // This operator hasn't the role: nothing is refunded, and the page says so.
      browser.sees(desk + ".notice.bad");
    }
  }

  @Test
  void ticketOpensTheDoorOnce() {
    Buyer buyer = Buyer.guest(shared.node().api()).isAdmitted();
    buyer.holds(sale.scheduleId(), sale.seatId(0)).mustBe(200);
    buyer.charges(99_000).mustBe(200);
    String bill = buyer.pays(sale.scheduleId(), sale.seatId(0), 99_000).mustBe(201).text("billId");
    String ticket =
        shared
            .node()
            .api()
            .get("/api/v1/accounts/bills/" + bill + "/ticket", buyer.token())
            .mustBe(200)
            .text("ticket");
    try (Browser browser = Browser.ofOperator(shared.node(), Device.DESKTOP)) {
      String field = "section[aria-labelledby=door-title] input";
      browser.types(field, ticket).presses(Keys.ENTER);
      browser.seesText("section[aria-labelledby=door-title] .notice.good", "Let in");
      browser.types(field, ticket).presses(Keys.ENTER);
      browser.seesText("section[aria-labelledby=door-title] .notice.bad", "Used already");
      browser.types(field, ticket.substring(0, ticket.length() - 3) + "abc").presses(Keys.ENTER);
      browser.seesText("section[aria-labelledby=door-title] .notice.bad", "Not a ticket");
    }
  }
}
