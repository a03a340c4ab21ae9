package io.concert.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.concert.load.Row.Aim;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {
  @TempDir private Path folder;

  @Test
  void figureThatGotWorseBeyondItsSpreadIsTold() throws IOException {
    run("poll", rate(1_000, 960, 1_030), time(20, 15, 24));

    assertThat(run("poll", rate(949, 940, 950), time(21.5, 20, 22)))
        .as("the time is within what the rounds before showed")
        .containsExactly("WORSE by 5 %: poll: polls");
    assertThat(run("poll", rate(1_200, 1_100, 1_300), time(40, 30, 50)))
        .containsExactly("WORSE by 86 %: poll: p99");
  }

  @Test
  void othersStayAsTheyWere() throws IOException {
    run("poll", rate(1_000, 900, 1_100));
    run("seats", time(0.123, 0.1, 0.2));
    String before = Files.readString(file());
    run("seats", time(0.123, 0.1, 0.2));

    assertThat(Files.readString(file()))
        .isEqualTo(before.replace("| 0.200 |  |  |", "| 0.200 |  | +0 |"));
    assertThat(before).contains("| polls | /s | 1000 | 900 | 1100 |  |  |", "on a machine");
  }

  @CanIgnoreReturnValue
  private List<String> run(String bench, Row... rows) throws IOException {
    Results results = Results.read(file());
    List<String> worse = results.put(bench, List.of(rows), "on a machine");
    results.write(file());
    return worse;
  }

  private Path file() {
    return folder.resolve("results.md");
  }

  private static Row rate(double median, double least, double most) {
    return new Row("polls", new Spread(median, least, most), "/s", Aim.MORE, Double.NaN);
  }

  private static Row time(double median, double least, double most) {
    return new Row("p99", new Spread(median, least, most), "ms", Aim.LESS, Double.NaN);
  }
}
