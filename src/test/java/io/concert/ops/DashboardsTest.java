package io.concert.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The dashboards keep the rules of Grafana's dashboard-linter, and alerts lead to a runbook. */
class DashboardsTest {
  private static final Path DASHBOARDS = Path.of("grafana/dashboards");
  private static final Path RULES = Path.of("src/deploy/prometheus/rules.yml");
  private static final Pattern RATE = Pattern.compile("(?:rate|increase)\\([^\\[]*\\[([^]]*)]");

  static List<Path> dashboards() {
    try (Stream<Path> files = Files.list(DASHBOARDS)) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void thereAreFour() {
    assertThat(dashboards())
        .extracting(file -> file.getFileName().toString())
        .containsExactly("api.json", "database.json", "nodes.json", "on-sale.json");
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void hasTheVariablesThatEveryQueryUses(Path file) {
    JsonNode dashboard = read(file);
    List<String> names = new ArrayList<>();
    dashboard.at("/templating/list").forEach(variable -> names.add(variable.get("name").asText()));
    assertThat(names).containsExactly("datasource", "job", "instance");
    assertThat(dashboard.get("uid").asText() + ".json").isEqualTo(file.getFileName().toString());
    assertThat(dashboard.get("editable").asBoolean()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void panelsSayWhatTheyShow(Path file) {
    Set<Integer> ids = new HashSet<>();
    Set<String> titles = new HashSet<>();
    for (JsonNode panel : read(file).get("panels")) {
      assertThat(ids.add(panel.get("id").asInt())).as("one id a panel").isTrue();
      String title = panel.get("title").asText();
      assertThat(titles.add(title)).as("one title a panel: " + title).isTrue();
      if (panel.get("type").asText().equals("row")) {
        continue;
      }
      assertThat(panel.get("description").asText()).as(title).hasSizeGreaterThan(10);
      assertThat(panel.at("/fieldConfig/defaults/unit").asText()).as(title).isNotEmpty();
      assertThat(panel.at("/datasource/uid").asText()).isEqualTo("${datasource}");
      assertThat(panel.get("targets")).as(title).isNotEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void queriesAreOfTheChosenNodesAndOfTheScrapesPace(Path file) {
    for (JsonNode panel : read(file).get("panels")) {
      for (JsonNode target : panel.path("targets")) {
        String query = target.get("expr").asText();
        assertThat(query).contains("job=~\"$job\"");
        if (!query.startsWith("job:")) {
          assertThat(query).contains("instance=~\"$instance\"");
        }
        assertThat(target.get("legendFormat").asText()).as(query).isNotEmpty();
        var windows = RATE.matcher(query);
        while (windows.find()) {
          assertThat(windows.group(1)).as(query).isEqualTo("$__rate_interval");
        }
        assertThat(query).as("a counter is shown by its rate").doesNotMatch("^[a-z_]+_total\\{.*");
      }
    }
  }

  @Test
  void everyAlertSaysWhatItIsAndWhereToRead() throws IOException {
    List<String> lines = Files.readAllLines(RULES);
    List<String> alerts = values(lines, "- alert: ");
    assertThat(alerts).hasSizeGreaterThan(5).doesNotHaveDuplicates();
    assertThat(values(lines, "severity: ")).hasSameSizeAs(alerts);
    assertThat(values(lines, "summary: ")).hasSameSizeAs(alerts);
    assertThat(values(lines, "description: ")).hasSameSizeAs(alerts);
    List<String> pages = values(lines, "runbook_url: ");
    assertThat(pages)
        .containsExactlyElementsOf(
            alerts.stream().map(alert -> "src/docs/runbooks/" + alert + ".md").toList());
    for (String page : pages) {
      assertThat(Path.of(page))
          .content()
          .contains("**Meaning.**", "**Impact.**", "**Diagnosis.**", "**Mitigation.**");
    }
  }

  @Test
  void alertsFireForWhatTheyAreFor() throws IOException, InterruptedException {
    Process promtool;
    try {
      promtool =
          new ProcessBuilder("promtool", "test", "rules", "rules.test.yml")
              .directory(new File("src/deploy/prometheus"))
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      Assumptions.abort("promtool isn't installed: skipped");
      return;
    }
    String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(promtool.waitFor()).as(said).isZero();
  }

  private static List<String> values(List<String> lines, String key) {
    return lines.stream()
        .map(String::strip)
        .filter(line -> line.startsWith(key))
        .map(line -> line.substring(key.length()))
        .toList();
  }

  private static JsonNode read(Path file) {
    try {
      return new ObjectMapper().readTree(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
