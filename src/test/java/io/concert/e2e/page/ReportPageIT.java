package io.concert.e2e.page;

import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.concert.e2e.Buyer;
import io.concert.e2e.TestService.Sale;
import io.concert.e2e.page.Browser.Device;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A sale's report and the forecast on the operator's page, in a real browser. */
class ReportPageIT {
  /** Twenty minutes of steps, as two nodes write them. */
  private static final String STEPS =
      """
      with step as (
        select n, date_bin('10 s', now() - interval '20 min', 'epoch') + n * interval '10 s' as at
        from generate_series(0, 117) n)
      insert into report_step (subject, at, node, counts, levels)
      select 'room:default', at, md5('a')::uuid,
        jsonb_build_object('joined', 1 + (900 * exp(-n / 9.0))::int, 'estimates.inside', 9,
          'estimates.later', 1),
        jsonb_build_object('waiting', (9000 * (1 - exp(-n / 9.0)) - 70 * n)::int, 'capacity', 100,
          'active', least(100, 20 * n))
      from step
      union all
      select 'schedule:%1$s', at, md5('b')::uuid,
        jsonb_build_object('holds.granted', 40, 'seats.held', 80, 'seats.expired', n %% 9,
          'holds.seat_taken', n %% 7, 'payments.paid', 31, 'payments.balance_too_small', 2),
        jsonb_build_object('free', greatest(0, 9000 - 80 * n), 'held', least(600, 80 * n),
          'sold', least(8400, 75 * n), 'not_for_sale', 0)
      from step
      """;

  @RegisterExtension private static final SharedNode shared = new SharedNode(Map.of());

  private static Sale sale;

  @BeforeAll
  static void playASale() {
    sale = shared.service().openSale(shared.node(), 4, 99_000);
    Buyer.guest(shared.node().api()).isAdmitted().buys(sale.scheduleId(), sale.seatId(0));
    shared.service().database().execute(STEPS.formatted(sale.scheduleId().substring(1)));
  }

  static List<Device> devices() {
    return List.of(Device.DESKTOP, Device.DESKTOP.korean().inTheDark(), Device.phone());
  }

  @ParameterizedTest
  @MethodSource("devices")
  void showsAndPrintsTheReport(Device device) {
    try (Browser browser = Browser.ofOperator(shared.node(), device)) {
      browser.clicks("button.report").sees(".sheet .plot path");
      browser.seesText(".sheet", "Test concert");
      browser.seesText(".sheet dd", "₩99,000".substring(1));
      assertThat(browser.runs("return document.querySelectorAll('.sheet .plot').length"))
          .isEqualTo(3L);
      browser.isFitToBeSeen("report").whole("report-whole");
      assertThat(browser.prints("report")).as("pages").isBetween(1, 2);
      browser.emulatesPaper();
      assertThat(
              browser.runs(
                  "return [...document.querySelectorAll('.bar, .no-print')].some(e =>"
                      + " e.getClientRects().length > 0)"))
          .as("switches on paper")
          .isEqualTo(false);
    }
  }

  @Test
  void savesTheReportAndGoesBack() {
    try (Browser browser = Browser.ofOperator(shared.node(), Device.DESKTOP)) {
      browser.clicks("button.report").sees(".sheet");
      // What the browser is given to save, as it would land in a file.
      Object unused =
          browser.runs(
              "window.saved = []; let blob; URL.createObjectURL = made => { blob = made; return"
                  + " 'blob:x' }; HTMLAnchorElement.prototype.click = function () { const name ="
                  + " this.download; blob.text().then(text => saved.push([name, text])) }");
      browser.clicks("button.csv").clicks("button.json");
      until(
          "both are saved",
          Browser.PATIENCE,
          () -> Long.valueOf(2).equals(browser.runs("return saved.length")));
      String id = sale.scheduleId();
      assertThat(browser.runs("return JSON.stringify(saved.map(s => s[0]).sort())"))
          .isEqualTo("[\"" + id + "-report.csv\",\"" + id + "-report.json\"]");
      assertThat(
              browser.runs(
                  "return saved.find(s =>"
                      + " s[0].endsWith('csv'))[1].startsWith('at,free,held,sold')"))
          .isEqualTo(true);
      assertThat(
              browser.runs(
                  "return JSON.parse(saved.find(s => s[0].endsWith('json'))[1]).scheduleId"))
          .isEqualTo(id);
      browser.clicks("button.back").sees(".rooms");
    }
  }

  @ParameterizedTest
  @MethodSource("devices")
  void makesAForecast(Device device) {
    try (Browser browser = Browser.ofOperator(shared.node(), device)) {
      browser.types("[name=people]", "2000");
      browser.types("[name=seats]", "two hundred").sees(".forecast");
      browser.clicks(".forecast .make").sees(".forecast .notice.bad");
      browser.types("[name=seats]", "200");
      browser.types("[name=capacity]", "20");
      browser.types("[name=otherCapacities]", "10, 40");
      browser.clicks(".forecast .make").sees(".forecast .result");
      assertThat(
              browser.runs("return document.querySelectorAll('.forecast .result tbody tr').length"))
          .isEqualTo(3L);
      browser.seesNo(".forecast .notice.bad");
      browser.isFitToBeSeen("forecast").whole("forecast-whole");
    }
  }

  @Test
  void fillsTheFormFromAPastSale() {
    try (Browser browser = Browser.ofOperator(shared.node(), Device.DESKTOP)) {
      browser.chooses(".forecast select", sale.scheduleId()).clicks(".forecast .fill");
      browser.sees(".forecast .result");
      assertThat(browser.runs("return document.querySelector('[name=capacity]').value"))
          .isEqualTo("100");
      assertThat(browser.runs("return document.querySelector('[name=seatsPerBuyer]').value"))
          .isEqualTo("1");
      assertThat(browser.runs("return document.querySelector('[name=holdSeconds]').value"))
          .as("what no report knows")
          .isEqualTo("");
      browser
          .clicks(".forecast summary")
          .isFitToBeSeen("forecast-filled")
          .whole("forecast-filled-whole");
      browser.types("[name=seats]", "0").clicks(".forecast .make");
      browser.seesText(".forecast .notice.bad", "`seats` must be 1 to 1000000.");
    }
  }
}
