package io.concert.e2e.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.e2e.page.Browser.Device;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Forms that are filled in at once, as password managers do, before they are drawn again. */
class FormsPageIT {
  @RegisterExtension private static final SharedNode shared = new SharedNode(Map.of());

  /** All in one task of the page, which draws in a later one. */
  private static void fillsIn(Browser browser, List<String> names, List<String> texts) {
    browser.sees("[name=" + names.get(0) + "]");
    Object unused =
        browser.runs(
            """
            arguments[0].forEach((name, i) => {
              const field = document.querySelector(`[name=${name}]`);
              field.value = arguments[1][i];
              field.dispatchEvent(new Event('input', {bubbles: true}));
            });
            """,
            names,
            texts);
  }

  private static Object texts(Browser browser, List<String> names) {
    return browser.runs(
        "return arguments[0].map(name => document.querySelector(`[name=${name}]`).value)", names);
  }

  @Test
  void forecastKeepsWhatWasFilledInAtOnce() {
    try (Browser browser = Browser.ofOperator(shared.node(), Device.DESKTOP)) {
      List<String> names = List.of("people", "seats", "capacity");
      List<String> texts = List.of("300", "40", "7");
      fillsIn(browser, names, texts);

      browser.clicks(".forecast .make").seesText(".forecast .result tbody th", "7");
      assertThat(texts(browser, names)).isEqualTo(texts);
      assertThat(browser.runs("return document.querySelector('[name=people]').placeholder"))
          .as("what the forecast was made with")
          .isEqualTo("300");
    }
  }

  @Test
  void accountIsMadeOfWhatWasFilledInAtOnce() {
    try (Browser browser = Browser.open(shared.node(), Device.DESKTOP)) {
      browser.goes("/?view=account").clicks(".login .text").sees("[name=name]");
      String email = "at-once-" + System.nanoTime() + "@example.com";
      fillsIn(
          browser,
          List.of("name", "email", "password"),
          List.of("Kim", email, "long enough to be safe"));

      browser.clicks(".login .main").seesText(".lead", email);
    }
  }
}
