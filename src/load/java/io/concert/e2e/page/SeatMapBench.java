package io.concert.e2e.page;

import static io.concert.Patience.until;

import com.fasterxml.jackson.databind.JsonNode;
import io.concert.e2e.ServiceProcess;
import io.concert.e2e.page.Browser.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/**
 * How many frames a second the page draws of the demo's largest seat plan while somebody zooms to
 * and fro in it: the whole plan, its stands, and seats with their numbers. A headless Chromium
 * without a graphics card draws them, beside the node. Each figure is the median of three runs; the
 * limit is 50.
 *
 * <p>{@code mvn -q -DskipTests package exec:java@run -Drun=map}
 */
public final class SeatMapBench {
  private static final int RUNS = 3;
  private static final int SECONDS = 5;
  private static final double LIMIT = 50;
  private static final Duration TO_DRAW = Duration.ofSeconds(SECONDS + 30);

  /** From the whole plan, how far in. */
  private static final Map<String, Double> LEVELS =
      Map.of("1 whole", 1.0, "2 stands", 4.0, "3 seats", 20.0);

  /** Zooms by a little each frame, in and out again once a second, and counts what was drawn. */
  private static final String ZOOMS =
      """
      const map = document.querySelector('canvas').seatMap;
      map.zoom(1e-9);
      map.zoom(%s);
      window.framesASecond = null;
      const before = map.drawn;
      const begun = performance.now();
      const step = (now) => {
        const seconds = (now - begun) / 1000;
        if (seconds >= %d) {
          window.framesASecond = (map.drawn - before) / seconds;
          return;
        }
        map.zoom(Math.exp(0.02 * Math.cos(2 * Math.PI * seconds)));
        requestAnimationFrame(step);
      };
      requestAnimationFrame(step);
      """;

  private static final String COUNTED = "return window.framesASecond";

  private SeatMapBench() {}

  public static void main(String[] arguments) throws IOException {
    Path data = Files.createTempDirectory("seat-map-bench");
    boolean kept = true;
    try (ServiceProcess node = ServiceProcess.start(Map.of("DATA_DIR", data.toString()))) {
      String concert = largest(node);
      for (Device device : List.of(Device.DESKTOP, Device.phone())) {
        try (Browser browser = Browser.open(node, device)) {
          browser.goes("/?concert=" + concert).clicks(".join button").clicks(".date a");
          browser.sees("canvas");
          browser.rests();
          for (String level : LEVELS.keySet().stream().sorted().toList()) {
            double frames = median(browser, LEVELS.get(level));
            System.out.printf("%-8s %-8s %5.1f frames a second%n", device.label(), level, frames);
            kept &= frames >= LIMIT;
          }
        }
      }
    }
    System.out.println(kept ? "at least 50 everywhere" : "less than 50 somewhere");
    System.exit(kept ? 0 : 1);
  }

  private static double median(Browser browser, double level) {
    List<Double> runs = new ArrayList<>();
    for (int run = 0; run < RUNS; run++) {
      browser.runs(ZOOMS.formatted(level, SECONDS));
      until("the frames are counted", TO_DRAW, () -> browser.runs(COUNTED) != null);
      runs.add(((Number) browser.runs(COUNTED)).doubleValue());
    }
    Collections.sort(runs);
    return runs.get(RUNS / 2);
  }

  private static String largest(ServiceProcess node) {
    JsonNode concerts = node.get("/api/v1/concerts").mustBe(200).body().path("items");
    JsonNode largest =
        StreamSupport.stream(concerts.spliterator(), false)
            .max(Comparator.comparingLong(SeatMapBench::seats))
            .orElseThrow(() -> new IllegalStateException("there is no concert"));
    System.out.printf("%s, %d seats%n", largest.path("title").asText(), seats(largest));
    return ServiceProcess.text(largest, "id");
  }

  private static long seats(JsonNode concert) {
    return concert.path("schedules").path(0).path("seats").asLong();
  }
}
