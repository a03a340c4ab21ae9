package io.concert.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.http.payments.ChargePolicy;
import io.concert.http.web.Access;
import io.concert.http.web.DispatcherFixture;
import io.concert.http.web.ProblemCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** That openapi.yaml and the program name the same things. */
class ContractIT {
  private static final Pattern PATH = Pattern.compile("  (/\\S*):");
  private static final Pattern METHOD = Pattern.compile("    (get|put|post|patch|delete):");

  private final DispatcherFixture dispatcher = DispatcherFixture.shared();
  private final List<String> lines = lines();

  private static List<String> lines() {
    try (InputStream in = ContractIT.class.getResourceAsStream("/openapi.yaml")) {
      assertThat(in).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Every line of the paths, with the operation that it stands in. */
  private void eachLine(BiConsumer<String, String> told) {
    String path = "";
    String operation = "";
    for (String line : lines.subList(lines.indexOf("paths:"), lines.indexOf("components:"))) {
      Matcher paths = PATH.matcher(line);
      Matcher methods = METHOD.matcher(line);
      if (paths.matches()) {
        path = paths.group(1);
      } else if (methods.matches()) {
        operation = methods.group(1).toUpperCase(Locale.ROOT) + " " + path;
      }
      told.accept(operation, line);
    }
  }

  @Test
  void describesExactlyTheEndpointsThatAreServed() {
    List<String> described = new ArrayList<>();
    eachLine(
        (operation, line) -> {
          if (METHOD.matcher(line).matches()) {
            described.add(operation);
          }
        });
    List<String> served =
        new HttpApi(dispatcher.vertx, HttpSettings.local(0), dispatcher.services())
            .endpoints().stream()
                .map(endpoint -> endpoint.method() + " " + endpoint.path())
                // The files of the page at /docs.
                .filter(endpoint -> !endpoint.startsWith("GET /docs/"))
                .toList();

    assertThat(described).containsExactlyInAnyOrderElementsOf(served);
  }

  /** What {@code security} says of an endpoint that is for these; in the order of openapi.yaml. */
  private static String security(Access access) {
    return switch (access) {
      case PUBLIC -> "[]"; // As the whole document says.
      case TOKEN_OR_UUID -> "[{}, {accessToken: []}, {queueToken: []}]";
      case TOKEN_OR_UUID_OR_OPERATOR -> "[{}, {accessToken: []}, {queueToken: []}, {operator: []}]";
      case USER -> "[{accessToken: []}, {queueToken: []}]";
      case QUEUE_TOKEN, ADMITTED -> "[{queueToken: []}]";
      case VIEWER, OPERATOR, PAYMENTS -> "[{operator: []}]";
    };
  }

  @Test
  void saysOfEveryEndpointForWhomItIsDeclared() {
    Map<String, String> described = new TreeMap<>();
    eachLine(
        (operation, line) -> {
          if (METHOD.matcher(line).matches()) {
            described.put(operation, "[]");
          } else if (line.startsWith("      security: ")) {
            described.put(operation, line.substring("      security: ".length()));
          }
        });
    Map<String, String> declared = new TreeMap<>();
    // The contract covers both settings of who may charge; the second lets more callers in.
    for (ChargePolicy policy : List.of(ChargePolicy.SELF, ChargePolicy.OPERATOR)) {
      new HttpApi(dispatcher.vertx, charging(policy), dispatcher.services())
          .endpoints().stream()
              .filter(endpoint -> !endpoint.path().startsWith("/docs/"))
              .forEach(
                  endpoint ->
                      declared.put(
                          endpoint.method() + " " + endpoint.path(), security(endpoint.access())));
    }

    assertThat(lines).contains("security: []");
    assertThat(described).isEqualTo(declared).hasSizeGreaterThan(70);
  }

  private static HttpSettings charging(ChargePolicy policy) {
    HttpSettings local = HttpSettings.local(0);
    return new HttpSettings(
        local.host(),
        local.port(),
        policy,
        local.balanceCeiling(),
        local.corsOrigins(),
        local.maxConnections(),
        local.holdLimit(),
        local.joins(),
        local.overloadDelay());
  }

  /**
   * Making users has no caller whose key it could be; the queue gives each person one place. A hold
   * is prolonged once, a ticket enters once and is told when, a message and the log level are
   * replaced by themselves, a crowd comes alone, a preview and a forecast change nothing: repeated
   * they do nothing twice.
   */
  private static final Set<String> WITHOUT_KEY =
      Set.of(
          "POST /api/v1/users",
          "POST /api/v1/users/login",
          "POST /api/v1/users/queueEntity",
          "DELETE /api/v1/users/queueEntity",
          "POST /api/v1/reservations/holds/{holdId}/extend",
          "POST /api/v1/admin/tickets/check",
          "PUT /api/v1/admin/rooms/{id}/message",
          "PUT /api/v1/admin/log-level",
          "POST /api/v1/admin/demo/crowd",
          "POST /api/v1/admin/forecasts",
          "POST /api/v1/admin/layouts/preview");

  @Test
  void listsTheKeyWhereverSomethingIsMadeOrChanged() {
    Set<String> changing = new TreeSet<>();
    Set<String> keyed = new TreeSet<>();
    eachLine(
        (operation, line) -> {
          if (METHOD.matcher(line).matches()
              && !operation.startsWith("GET")
              && !WITHOUT_KEY.contains(operation)) {
            changing.add(operation);
          } else if (line.contains("parameters/IdempotencyKey")) {
            keyed.add(operation);
          }
        });
    assertThat(keyed).isEqualTo(changing).hasSizeGreaterThan(10);
  }

  @Test
  void describesExactlyTheProblemCodesThatExist() {
    int code = lines.indexOf("        code:");
    int from = code + lines.subList(code, lines.size()).indexOf("          enum:") + 1;
    List<String> described =
        lines.subList(from, lines.size()).stream()
            .takeWhile(line -> line.startsWith("            - "))
            .map(line -> line.substring(14))
            .toList();

    assertThat(described)
        .containsExactlyElementsOf(Arrays.stream(ProblemCode.values()).map(Enum::name).toList());
  }
}
