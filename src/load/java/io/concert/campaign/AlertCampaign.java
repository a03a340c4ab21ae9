package io.concert.campaign;

import static io.concert.Patience.letPass;

import io.concert.e2e.Prometheus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * Fires each alert of src/deploy/prometheus/rules.yml once, by the fault that it is for: three
 * nodes behind HAProxy with people who buy and wait, and a real Prometheus. Its rules are {@link
 * ShortenedRules}. Ends with 1 unless every alert was silent before its fault, fired during it and
 * was silent again after it. Root is needed for two of them, to cut a link and to mount a disk.
 *
 * <p>{@code mvn -q -DskipTests package exec:java@run -Drun=alerts
 * -Dalerts.only=NodeDown,DatabaseOutage}
 */
public final class AlertCampaign {
  private static final Path RULES = Path.of("src/deploy/prometheus/rules.yml");
  private static final int SEATS = 20_000;
  private static final long PRICE = 50_000;
  private static final int CAPACITY = 10;
  private static final int BUYERS = 4;
  private static final int WAITING = 9;
  private static final Duration START = Duration.ofMinutes(3);
  private static final Duration CHANGES_WITHIN = Duration.ofMinutes(4);
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);

  private final Prometheus prometheus;
  private final Stage stage;
  private final List<String> table = new ArrayList<>();
  private boolean allFired = true;

  private AlertCampaign(Prometheus prometheus, Stage stage) {
    this.prometheus = prometheus;
    this.stage = stage;
  }

  /**
   * Takes {@code alerts.only}, alerts to fire with commas between, and {@code alerts.directory} for
   * logs.
   */
  public static void main(String[] arguments) throws IOException {
    Path directory =
        Path.of(System.getProperty("alerts.directory", "target/alerts")).toAbsolutePath();
    List<String> only = Arrays.asList(System.getProperty("alerts.only", "all").split(",", -1));
    boolean fired;
    try (HistoryLog record = new HistoryLog(directory)) {
      fired = run(record, directory, only);
    }
    System.exit(fired ? 0 : 1);
  }

  private static boolean run(HistoryLog record, Path directory, List<String> only)
      throws IOException {
    boolean isRoot = Namespaces.possible();
    Network network = isRoot ? Namespaces.make(Stage.NODES) : new Loopback();
    Map<String, String> settings = Map.of("CLUSTER_MIN_SIZE", "2", "WEBHOOK_HOSTS", network.home());
    try (Stage stage = new Stage(directory, network, settings)) {
      Provocations provocations = new Provocations(stage, directory);
      if (isRoot) {
        provocations.mountDisk();
      }
      try {
        stage.begin();
        stage.awaitReady(START);
        try (Prometheus prometheus = Prometheus.scraping(targets(network), rules(directory))) {
          Sale sale = Sale.open(stage.node(1), SEATS, PRICE, CAPACITY);
          Crowd crowd = new Crowd(stage, record, sale, 1);
          crowd.begin(BUYERS, WAITING);
          AlertCampaign campaign = new AlertCampaign(prometheus, stage);
          provocations.all().stream()
              .filter(one -> only.contains("all") || only.contains(one.alert()))
              .forEach(one -> campaign.tryOut(one, isRoot));
          crowd.end();
          return campaign.tells(only);
        }
      } finally {
        if (isRoot) {
          provocations.unmountDisk();
        }
      }
    }
  }

  private static List<String> targets(Network network) {
    return IntStream.rangeClosed(1, Stage.NODES)
        .mapToObj(node -> network.host(node) + ":" + network.httpPort(node))
        .toList();
  }

  private static Path rules(Path directory) throws IOException {
    return Files.writeString(
        directory.resolve("rules.yml"), ShortenedRules.of(Files.readString(RULES)));
  }

  private void tryOut(Provocation one, boolean isRoot) {
    if (one.wantsRoot() && !isRoot) {
      notShown(one, "left out: wants root");
    } else if (!becomes(() -> !isFiring(one.alert()))) {
      notShown(one, "fired before its fault");
    } else {
      try {
        provoke(one);
      } catch (RuntimeException | AssertionError e) {
        notShown(one, "couldn't be provoked: " + e);
      }
    }
  }

  private void notShown(Provocation one, String why) {
    row(one, why, "");
    allFired = false;
  }

  private void provoke(Provocation one) {
    long began = System.nanoTime();
    one.begin().run();
    boolean fired = becomes(() -> isFiring(one.alert()));
    double firedAfter = secondsSince(began);
    List<String> together = prometheus.firing();
    long ended = System.nanoTime();
    one.end().run();
    boolean silent = becomes(() -> !isFiring(one.alert()));
    double silentAfter = secondsSince(ended);
    allFired &= fired && silent && stage.awaitReady(START);
    row(
        one,
        fired ? "fires after %.1f s".formatted(firedAfter) : "DOES NOT FIRE",
        (silent ? "silent %.1f s after the cure".formatted(silentAfter) : "STAYS")
            + "; firing then: "
            + String.join(", ", together));
  }

  private boolean isFiring(String alert) {
    return prometheus.firing().contains(alert);
  }

  private static boolean becomes(BooleanSupplier condition) {
    long until = System.nanoTime() + CHANGES_WITHIN.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > until) {
        return false;
      }
      letPass(LOOK_EVERY);
    }
    return true;
  }

  private static double secondsSince(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }

  private void row(Provocation one, String fired, String silent) {
    String row = "%s | %s | %s | %s".formatted(one.alert(), one.how(), fired, silent);
    table.add(row);
    System.out.println(row);
  }

  /** An alert that nobody provokes is one that nobody has seen. */
  private boolean tells(List<String> only) throws IOException {
    List<String> unseen =
        Files.readAllLines(RULES).stream()
            .map(String::strip)
            .filter(line -> line.startsWith("- alert: "))
            .map(line -> line.substring("- alert: ".length()))
            .filter(alert -> only.contains("all") || only.contains(alert))
            .filter(alert -> table.stream().noneMatch(row -> row.startsWith(alert + " | ")))
            .toList();
    System.out.println(
        unseen.isEmpty() && allFired
            ? "every alert has fired for its fault and is silent again"
            : "NOT SHOWN: some alerts, see above " + unseen);
    return unseen.isEmpty() && allFired;
  }
}
