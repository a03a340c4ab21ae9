package io.concert.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ShortenedRulesTest {
  @Test
  void waitsAndWindowsAreATenthAndTwoSecondsAtLeast() {
    assertThat(ShortenedRules.of("interval: 5s\nfor: 15s\nfor: 1m\nrate(a[5m]) / rate(b[1h])"))
        .isEqualTo("interval: 2s\nfor: 2s\nfor: 6s\nrate(a[30s]) / rate(b[360s])");
  }

  @Test
  void nothingElseChanges() throws IOException {
    String rules = Files.readString(Path.of("src/deploy/prometheus/rules.yml"));
    String durations = "(\\[|\\b(?:for|interval): )\\d+[smh]";

    assertThat(ShortenedRules.of(rules)).isNotEqualTo(rules);
    assertThat(ShortenedRules.of(rules).replaceAll(durations, "$1"))
        .isEqualTo(rules.replaceAll(durations, "$1"));
  }
}
