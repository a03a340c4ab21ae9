package io.concert.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** That openapi.yaml and the program name the same things. */
class ContractIT {
  private static final Pattern PATH = Pattern.compile("  (/\\S*):");
  private static final Pattern METHOD = Pattern.compile("    (get|put|post|patch|delete):");

  private final EdgeFixture edge = EdgeFixture.shared();
  private final List<String> lines = lines();

  private static List<String> lines() {
    try (InputStream in = ContractIT.class.getResourceAsStream("/openapi.yaml")) {
      assertThat(in).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void describesExactlyTheEndpointsThatAreServed() {
    List<String> described = new ArrayList<>();
    String path = "";
    for (String line : lines) {
      Matcher paths = PATH.matcher(line);
      Matcher methods = METHOD.matcher(line);
      if (paths.matches()) {
        path = paths.group(1);
      } else if (methods.matches()) {
        described.add(methods.group(1).toUpperCase(Locale.ROOT) + " " + path);
      }
    }
    List<String> served =
        new HttpApi(edge.vertx, HttpSettings.local(0), edge.services())
            .endpoints().stream()
                .map(endpoint -> endpoint.method() + " " + endpoint.path())
                // The files of the page at /docs.
                .filter(endpoint -> !endpoint.startsWith("GET /docs/"))
                .toList();

    assertThat(described).containsExactlyInAnyOrderElementsOf(served);
  }

  @Test
  void describesExactlyTheProblemCodesThatExist() {
    int from = lines.indexOf("        code:") + 2;
    List<String> described =
        lines.subList(from, lines.size()).stream()
            .takeWhile(line -> line.startsWith("            - "))
            .map(line -> line.substring(14))
            .toList();

    assertThat(described)
        .containsExactlyElementsOf(Arrays.stream(ProblemCode.values()).map(Enum::name).toList());
  }
}
