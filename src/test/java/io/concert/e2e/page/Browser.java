package io.concert.e2e.page;

import static io.concert.Patience.until;

import io.concert.Chromium;
import io.concert.Patience;
import io.concert.e2e.ServiceProcess;
import io.concert.e2e.TestService;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * A person's browser: Chromium with a profile of its own. Whatever it does is waited for; what the
 * page complains of in the console fails the test.
 */
public final class Browser implements AutoCloseable {
  /** A busy machine takes its time; nothing here is a measurement. */
  static final Duration PATIENCE = Duration.ofSeconds(40);

  private static final Path CHROMIUM = first("/usr/bin/chromium", "/usr/bin/chromium-browser");
  private static final Path DRIVER = first("/usr/bin/chromedriver");
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");

  /** WCAG 2.2 A and AA. */
  private static final List<String> RULES =
      List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa");

  private final ChromeDriver driver;
  private final String origin;
  private final String name;

  /** How it looks: what a person has set on the device. */
  public record Device(int width, int height, boolean touch, String language, boolean dark) {
    static final Device DESKTOP = new Device(1280, 860, false, "en-US", false);

    Device korean() {
      return new Device(width, height, touch, "ko-KR", dark);
    }

    Device inTheDark() {
      return new Device(width, height, touch, language, true);
    }

    static Device phone() {
      return new Device(390, 844, true, "en-US", false);
    }

    String label() {
      return (touch ? "phone" : "desktop") + "-" + language.substring(0, 2) + (dark ? "-dark" : "");
    }
  }

  private Browser(ChromeDriver driver, String origin, String name) {
    this.driver = driver;
    this.origin = origin;
    this.name = name;
  }

  /** Skips the test, and says so, where there is no Chromium. */
  static void assume() {
    Assumptions.assumeTrue(
        Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER),
        "no browser: apt-get install chromium chromium-driver (Debian)");
  }

  private static Path first(String... paths) {
    return Stream.of(paths)
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(Path.of(paths[0]));
  }

  static Browser open(ServiceProcess node, Device device) {
    return open("http://127.0.0.1:" + node.port(), device);
  }

  /** Where the sales are to be seen, with the tests' operator signed in. */
  static Browser ofOperator(ServiceProcess node, Device device) {
    Browser browser = open(node, device);
    browser.goes("/operator").types("input", TestService.ADMIN_TOKEN).presses(Keys.ENTER);
    browser.sees(".totals");
    return browser;
  }

  static Browser open(String origin, Device device) {
    ChromeOptions options = new ChromeOptions();
    options.setBinary(CHROMIUM.toFile());
    options.addArguments(Chromium.QUIET);
    options.addArguments(
        "--headless=new",
        "--disable-dev-shm-usage",
        "--lang=" + device.language(),
        "--window-size=" + device.width() + "," + (device.height() + 140));
    options.setExperimentalOption("prefs", Map.of("intl.accept_languages", device.language()));
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.WARNING);
    options.setCapability("goog:loggingPrefs", logs);
    ChromeDriver driver =
        new ChromeDriver(
            new ChromeDriverService.Builder()
                .usingDriverExecutable(DRIVER.toFile())
                .usingAnyFreePort()
                .build(),
            options);
    Browser browser = new Browser(driver, origin, device.label());
    browser.look(device);
    return browser;
  }

  private void look(Device device) {
    driver.manage().window().setSize(new Dimension(device.width(), device.height() + 140));
    command(
        "Emulation.setDeviceMetricsOverride",
        Map.of(
            "width", device.width(),
            "height", device.height(),
            "deviceScaleFactor", 1,
            "mobile", device.touch()));
    command("Emulation.setTouchEmulationEnabled", Map.of("enabled", device.touch()));
    command(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(
                Map.of("name", "prefers-color-scheme", "value", device.dark() ? "dark" : "light"),
                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
    command("Emulation.setLocaleOverride", Map.of("locale", device.language()));
    command(
        "Network.setUserAgentOverride",
        Map.of(
            "userAgent",
            String.valueOf(driver.executeScript("return navigator.userAgent")),
            "acceptLanguage",
            device.language()));
  }

  private void command(String method, Map<String, Object> arguments) {
    var unused = driver.executeCdpCommand(method, arguments);
  }

  Browser goes(String path) {
    driver.get(origin + path);
    return this;
  }

  Browser reloads() {
    driver.navigate().refresh();
    return this;
  }

  String path() {
    return driver.getCurrentUrl().substring(origin.length());
  }

  /** What a CSS selector finds once it is there. */
  WebElement sees(String css) {
    until(
        css + " at " + path(),
        PATIENCE,
        () -> settled(() -> !driver.findElements(By.cssSelector(css)).isEmpty()));
    return driver.findElement(By.cssSelector(css));
  }

  Browser seesText(String css, String text) {
    until(
        "'" + text + "' in " + css + " at " + path() + ", not '" + textOf(css) + "'",
        PATIENCE,
        () -> textOf(css).contains(text));
    return this;
  }

  Browser seesNo(String css) {
    until(
        "no " + css,
        PATIENCE,
        () -> settled(() -> driver.findElements(By.cssSelector(css)).isEmpty()));
    return this;
  }

  boolean has(String css) {
    return !driver.findElements(By.cssSelector(css)).isEmpty();
  }

  String textOf(String css) {
    Object text =
        driver.executeScript(
            "return [...document.querySelectorAll(arguments[0])].map(e => e.textContent).join(' |"
                + " ')",
            css);
    return String.valueOf(text);
  }

  /** Clicks until it could be clicked: the page may render between looking and clicking. */
  Browser clicks(String css) {
    until(
        "a click on " + css + " at " + path(),
        PATIENCE,
        () ->
            settled(
                () -> {
                  List<WebElement> found = driver.findElements(By.cssSelector(css));
                  if (found.isEmpty()) {
                    return false;
                  }
                  var unused =
                      driver.executeScript(
                          "arguments[0].scrollIntoView({block: 'center'})", found.get(0));
                  if (!standsStill(found.get(0))) {
                    return false;
                  }
                  found.get(0).click();
                  return true;
                }));
    return this;
  }

  /** Whether it is where it was a frame ago: a click goes to a point, not to an element. */
  private boolean standsStill(WebElement element) {
    return Boolean.TRUE.equals(
        driver.executeAsyncScript(
            "const [e, done] = arguments, at = () => JSON.stringify(e.getBoundingClientRect());"
                + "const before = at();"
                + "requestAnimationFrame(() => requestAnimationFrame(() => done(at() === before)))",
            element));
  }

  /**
   * Types over what is there. A field that is cleared first may get its old text back before the
   * new one comes: clearing tells the page nothing, and the page renders each second.
   */
  Browser types(String css, String text) {
    sees(css).sendKeys(Keys.chord(Keys.CONTROL, "a"), text.isEmpty() ? Keys.DELETE : text);
    return this;
  }

  /** Chooses an option by its value. */
  Browser chooses(String css, String value) {
    sees(css);
    var unused =
        driver.executeScript(
            "const e = document.querySelector(arguments[0]); e.value = arguments[1];"
                + "e.dispatchEvent(new Event('change', {bubbles: true}))",
            css,
            value);
    return this;
  }

  /** Keys go where the focus is. */
  Browser presses(CharSequence... keys) {
    driver.switchTo().activeElement().sendKeys(keys);
    return this;
  }

  /** What has the focus, as a screen reader would name it; empty if nothing has. */
  String focused() {
    return String.valueOf(
        driver.executeScript(
            "const e = document.activeElement; return e === document.body ? '' :"
                + " (e.getAttribute('aria-label') || e.textContent || e.tagName).trim()"));
  }

  /** Tabs until something with this text has the focus, as somebody without a mouse does. */
  Browser tabsTo(String text) {
    for (int i = 0; i < 120; i++) {
      if (focused().contains(text)) {
        return this;
      }
      presses(Keys.TAB);
    }
    throw new AssertionError("the keyboard doesn't reach '" + text + "' at " + path());
  }

  Object runs(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  Browser goesOffline(boolean offline) {
    command("Network.enable", Map.of());
    command(
        "Network.emulateNetworkConditions",
        Map.of("offline", offline, "latency", 0, "downloadThroughput", -1, "uploadThroughput", -1));
    return this;
  }

  /** Takes a picture for people to look at, and lets axe look for what keeps others out. */
  Browser isFitToBeSeen(String state) {
    picture(state);
    Assertions.assertThat(violations()).as(state + " " + name).isEmpty();
    Assertions.assertThat(
            runs(
                "return document.documentElement.scrollWidth -"
                    + " document.documentElement.clientWidth"))
        .as("nothing sticks out to the side: " + state + " " + name)
        .isEqualTo(0L);
    return this;
  }

  /**
   * Prints to A4, for people to look at.
   *
   * @return how many pages it takes
   */
  int prints(String state) {
    Object pdf =
        driver
            .executeCdpCommand(
                "Page.printToPDF", Map.of("preferCSSPageSize", true, "printBackground", false))
            .get("data");
    byte[] pages = Base64.getDecoder().decode(String.valueOf(pdf));
    write(state + "-" + name + ".pdf", pages);
    return (int)
        Pattern.compile("/Type */Page\\b")
            .matcher(new String(pages, StandardCharsets.ISO_8859_1))
            .results()
            .count();
  }

  /** From now on it looks as on paper. */
  Browser emulatesPaper() {
    command("Emulation.setEmulatedMedia", Map.of("media", "print"));
    return this;
  }

  /** A picture of all there is, also of what would have to be scrolled to. */
  Browser whole(String state) {
    Object shot =
        driver
            .executeCdpCommand("Page.captureScreenshot", Map.of("captureBeyondViewport", true))
            .get("data");
    write(state + "-" + name + ".png", Base64.getDecoder().decode(String.valueOf(shot)));
    return this;
  }

  private void picture(String state) {
    write(state + "-" + name + ".png", driver.getScreenshotAs(OutputType.BYTES));
  }

  private static void write(String file, byte[] picture) {
    try {
      Files.createDirectories(SCREENSHOTS);
      Files.write(SCREENSHOTS.resolve(file), picture);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @SuppressWarnings("unchecked")
  private List<String> violations() {
    if (!Boolean.TRUE.equals(runs("return typeof axe !== 'undefined'"))) {
      Object unused = runs(axe());
    }
    Object found =
        driver.executeAsyncScript(
            "const done = arguments[arguments.length - 1];"
                + "axe.run(document, {runOnly: arguments[0], resultTypes: ['violations']}).then("
                + "r => done(r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.target + ' ' +"
                + " n.failureSummary).join('; '))), e => done([String(e)]))",
            RULES);
    return (List<String>) found;
  }

  private static String axe() {
    try (InputStream in = Browser.class.getResourceAsStream("/axe.min.js")) {
      if (in == null) {
        throw new AssertionError("axe.min.js isn't on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What the console says that isn't an answer with an error status: those are part of the game.
   */
  List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .map(entry -> entry.getMessage())
        .filter(message -> !message.contains("Failed to load resource"))
        .filter(message -> !message.contains("net::ERR_"))
        .toList();
  }

  private static boolean settled(java.util.function.BooleanSupplier look) {
    try {
      return look.getAsBoolean();
    } catch (StaleElementReferenceException
        | org.openqa.selenium.ElementNotInteractableException e) {
      return false; // Rendered anew meanwhile.
    }
  }

  /** For what is seen to settle, such as a picture that glides. */
  Browser rests() {
    Patience.letPass(Duration.ofMillis(300));
    return this;
  }

  @Override
  public void close() {
    try {
      Assertions.assertThat(complaints()).isEmpty();
    } finally {
      try {
        driver.quit();
      } catch (WebDriverException e) {
        // It is gone already.
      }
    }
  }
}
