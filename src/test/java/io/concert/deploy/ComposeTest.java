package io.concert.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The stack of docker-compose.yml fits together, is bounded, and has no password of its own. */
class ComposeTest {
  private static final Path FILE = Path.of("docker-compose.yml");
  private static final Yaml COMPOSE = Yaml.read(FILE);
  private static final List<String> NODES = List.of("node1", "node2", "node3");

  /** ${NAME}, ${NAME:-default} or ${NAME:?what to do}. */
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z_]+)(:[-?])?([^}]*)}");

  static List<String> services() {
    return COMPOSE.at("services").keys();
  }

  private static Yaml service(String name) {
    return COMPOSE.at("services." + name);
  }

  private static List<MatchResult> variables() throws IOException {
    return VARIABLE.matcher(Files.readString(FILE)).results().toList();
  }

  /** As it is with no variable set. */
  private static String byDefault(String text) {
    return VARIABLE.matcher(text).replaceAll(found -> found.group(3));
  }

  @ParameterizedTest
  @MethodSource("services")
  void isBoundedAndStartedAgain(String name) {
    Yaml service = service(name);
    assertThat(byDefault(service.at("mem_limit").text())).matches("[0-9]+[mg]");
    assertThat(service.at("restart").text()).isEqualTo("unless-stopped");
    assertThat(byDefault(service.at("image").text())).contains(":");
    if (!NODES.contains(name)) {
      assertThat(byDefault(service.at("image").text())).doesNotEndWith(":latest");
    }
  }

  @ParameterizedTest
  @MethodSource("services")
  void isReachedFromThisMachineAlone(String name) {
    for (String port : service(name).at("ports").texts()) {
      assertThat(byDefault(port)).startsWith("127.0.0.1:");
    }
    assertThat(service(name).at("network_mode").text()).isEmpty();
  }

  @Test
  void onlyBuyersAndPeopleWhoWatchComeIn() {
    assertThat(services().stream().filter(name -> service(name).has("ports")))
        .containsExactly("balancer", "prometheus", "grafana");
  }

  @ParameterizedTest
  @MethodSource("services")
  void mountsWhatIsThere(String name) {
    for (String volume : service(name).at("volumes").texts()) {
      String source = volume.split(":", -1)[0];
      if (source.startsWith("./")) {
        assertThat(Path.of(source)).exists();
        assertThat(volume).endsWith(":ro");
      } else {
        assertThat(COMPOSE.at("volumes").keys()).contains(source);
      }
    }
  }

  @Test
  void secretsHaveNoDefaultAndTheExampleNamesThem() throws IOException {
    List<String> example = Files.readAllLines(Path.of(".env.example"));
    Set<String> wanted =
        variables().stream()
            .filter(found -> ":?".equals(found.group(2)))
            .map(found -> found.group(1))
            .collect(Collectors.toSet());
    assertThat(wanted)
        .containsExactlyInAnyOrder("DATABASE_PASSWORD", "ADMIN_TOKENS", "GRAFANA_PASSWORD");
    assertThat(example.stream().filter(line -> line.matches("[A-Z_]+=.*")))
        .containsExactlyInAnyOrderElementsOf(wanted.stream().map(name -> name + "=").toList());
    for (MatchResult found : variables()) {
      if (wanted.contains(found.group(1))) {
        assertThat(found.group()).contains(":?set " + found.group(1) + " in .env");
      }
    }
    for (String name : services()) {
      for (String setting : service(name).at("environment").keys()) {
        if (setting.matches(".*(PASSWORD|TOKENS|KEYS|SECRET|DATABASE_URL).*")) {
          assertThat(service(name).at("environment." + setting).text()).contains(":?set ");
        }
      }
    }
  }

  @Test
  void theExampleNamesWhateverElseMayBeSet() throws IOException {
    String example = Files.readString(Path.of(".env.example"));
    for (MatchResult found : variables()) {
      if (!found.group(1).matches(".*(IMAGE|BASE)")) {
        assertThat(example).containsPattern("(?m)^#?" + found.group(1) + "=");
      }
    }
  }

  @Test
  void nodesAreGivenSettingsThatTheyHave() {
    Set<String> known = NodeSettings.names();
    assertThat(known).contains("HTTP_HOST", "CLUSTER_MIN_SIZE");
    for (String node : NODES) {
      assertThat(known).containsAll(service(node).at("environment").keys());
    }
  }

  @Test
  void nodesCanDoNothingButServe() {
    for (String name : NODES) {
      Yaml node = service(name);
      assertThat(node.at("read_only").text()).isEqualTo("true");
      assertThat(node.at("tmpfs").texts()).as("for a native library").containsExactly("/tmp:exec");
      assertThat(node.at("cap_drop").texts()).containsExactly("ALL");
      assertThat(node.at("security_opt").texts()).containsExactly("no-new-privileges:true");
      assertThat(node.at("healthcheck.test").texts())
          .containsExactly("CMD", "bash", "/app/healthy");
      assertThat(node.at("depends_on.database.condition").text()).isEqualTo("service_healthy");
    }
  }

  @Test
  void nodesKnowOneAnotherAndAMajorityOfThemGoesOn() {
    List<String> addresses =
        NODES.stream().map(node -> service(node).at("networks.nodes.ipv4_address").text()).toList();
    for (int i = 0; i < NODES.size(); i++) {
      Yaml settings = service(NODES.get(i)).at("environment");
      assertThat(settings.at("CLUSTER_HOST").text()).isEqualTo(addresses.get(i));
      assertThat(settings.at("CLUSTER_MEMBERS").text().split(","))
          .containsExactlyElementsOf(addresses.stream().map(one -> one + ":5701").toList());
      assertThat(settings.at("CLUSTER_MIN_SIZE").text())
          .isEqualTo(Integer.toString(NODES.size() / 2 + 1));
      assertThat(service("balancer").at("environment.NODE_" + (i + 1)).text())
          .isEqualTo(addresses.get(i) + ":8080");
      assertThat(settings.at("TRUSTED_PROXIES").text())
          .isEqualTo(service("balancer").at("networks.nodes.ipv4_address").text());
    }
    assertThat(
            Yaml.read(Path.of("src/deploy/prometheus/prometheus.yml"))
                .at("scrape_configs.0.static_configs.0.targets")
                .texts())
        .containsExactlyElementsOf(NODES.stream().map(node -> node + ":8080").toList());
  }

  @Test
  void theDatabaseHasAConnectionForEverybody() {
    List<String> command = service("database").at("command").texts();
    int most = Integer.parseInt(command.get(2).replace("max_connections=", ""));
    assertThat(most).isGreaterThanOrEqualTo(NODES.size() * 32 + 10);
  }

  @Test
  void theBalancerHasAFileForEachConnection() throws IOException {
    String configuration = Files.readString(Path.of("src/deploy/haproxy/haproxy.cfg"));
    var most = Pattern.compile("(?m)^ +maxconn ([0-9]+)$").matcher(configuration);
    assertThat(most.find()).isTrue();
    for (String name : Stream.concat(Stream.of("balancer"), NODES.stream()).toList()) {
      assertThat(Integer.parseInt(byDefault(service(name).at("ulimits.nofile").text())))
          .isGreaterThan(2 * Integer.parseInt(most.group(1)) + 31);
    }
  }

  @Test
  void theImageRunsWithoutRightsAndEndsWhenMemoryDoes() throws IOException {
    String image = Files.readString(Path.of("src/deploy/Dockerfile"));
    assertThat(image)
        .contains(
            "ARG BUILD_BASE=", "ARG RUN_BASE=", "\nHEALTHCHECK ", "-XX:+ExitOnOutOfMemoryError")
        .contains("-XX:MaxRAMPercentage=50", "-XX:MaxDirectMemorySize=");
    assertThat(image.indexOf("COPY --from=build /image/lib"))
        .as("dependencies are a layer below the program")
        .isPositive()
        .isLessThan(image.indexOf("COPY --from=build /image/concert-reservation.jar"));
    assertThat(image).containsPattern("(?m)^USER [1-9][0-9]+:[1-9][0-9]+$");
    assertThat(image.lastIndexOf("\nUSER ")).isLessThan(image.indexOf("\nENTRYPOINT "));
  }
}
