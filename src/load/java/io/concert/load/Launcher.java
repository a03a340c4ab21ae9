package io.concert.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/**
 * Runs a benchmark, a campaign or the simulation by its name, in a process of its own. {@code
 * benchmarks} is those that need no browser, one after the other, and at the end their figures with
 * limits and ratios in one table; they take about forty minutes of a quiet machine.
 *
 * <p>{@code mvn -q -DskipTests package exec:java@run -Drun=journeys}. It runs within Maven, and so
 * sees what was given with {@code -D}; what begins as {@link Run#settings} says is handed on.
 */
public final class Launcher {
  private static final String ALL = "benchmarks";

  /** What Hazelcast reaches for, which would else warn between the figures. */
  private static final List<String> OPENED =
      List.of(
          "--add-modules=java.se",
          "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
          "--add-opens=java.base/java.lang=ALL-UNNAMED",
          "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
          "--add-opens=java.management/sun.management=ALL-UNNAMED",
          "--add-opens=jdk.management/com.sun.management.internal=ALL-UNNAMED");

  private static final List<String> MEASURED =
      List.of("-Xmx1g", "-Djava.util.concurrent.ForkJoinPool.common.parallelism=4");

  /**
   * @param inAll whether it runs with the others; one that needs a browser doesn't
   * @param settings how the names of its system properties begin; none if empty
   */
  private record Run(
      String name, String main, boolean inAll, String settings, List<String> options) {}

  private static final List<Run> KNOWN =
      List.of(
          bench("room", "io.concert.queue.RoomBenches", List.of("-XX:+UseSerialGC")),
          bench("move", "io.concert.queue.MoveBench", OPENED),
          bench("poll", "io.concert.e2e.PollBench", List.of()),
          bench("crowd", "io.concert.e2e.CrowdBench", List.of()),
          bench("ledger", "io.concert.payment.LedgerBench", List.of()),
          bench("holds", "io.concert.reservation.HoldBench", List.of()),
          bench("journeys", "io.concert.e2e.JourneyBench", List.of()),
          bench("cold", "io.concert.e2e.ColdBench", List.of()),
          bench("seats", "io.concert.e2e.SeatListBench", List.of()),
          bench("fight", "io.concert.e2e.FightBench", List.of()),
          bench("overload", "io.concert.e2e.OverloadBench", List.of()),
          apart(
              "events",
              "io.concert.payment.LedgerBench",
              "",
              with(MEASURED, List.of("-Dbench.only=events"))),
          apart("map", "io.concert.e2e.page.SeatMapBench", "", MEASURED),
          apart("onsale", "io.concert.e2e.OnSaleLoad", "", List.of()),
          apart("alerts", "io.concert.campaign.AlertCampaign", "alerts.", List.of("-Xmx384m")),
          apart("check-history", "io.concert.check.HistoryChecker", "campaign.", List.of()),
          apart("cut-links", "io.concert.e2e.faults.CutCampaign", "", List.of("-Xmx512m")),
          apart(
              "fault-campaign",
              "io.concert.campaign.FaultCampaign",
              "campaign.",
              List.of("-Xmx384m")),
          apart(
              "simulate",
              "io.concert.queue.Simulation",
              "simulation.",
              List.of("-Xmx1g", "-XX:+UseSerialGC")));

  private Launcher() {}

  private static Run bench(String name, String main, List<String> options) {
    return new Run(name, main, true, "", with(MEASURED, options));
  }

  private static Run apart(String name, String main, String settings, List<String> options) {
    return new Run(name, main, false, settings, options);
  }

  private static List<String> with(List<String> some, List<String> more) {
    List<String> both = new ArrayList<>(some);
    both.addAll(more);
    return List.copyOf(both);
  }

  public static void main(String[] arguments)
      throws IOException, InterruptedException, URISyntaxException {
    String name = System.getProperty("run", "");
    List<Run> wanted =
        KNOWN.stream()
            .filter(run -> name.equals(ALL) ? run.inAll() : run.name().equals(name))
            .toList();
    if (wanted.isEmpty()) {
      String names = KNOWN.stream().map(Run::name).collect(Collectors.joining(" "));
      System.err.println("-Drun= wants one of: " + ALL + " " + names);
      System.exit(2);
    }
    StringBuilder summary = new StringBuilder();
    boolean whole = true;
    int status = 0;
    for (Run run : wanted) {
      if (wanted.size() > 1) {
        System.out.println("== " + run.name());
      }
      summary.append(System.lineSeparator()).append(run.name()).append(System.lineSeparator());
      status = run(run, summary);
      whole &= status == 0;
    }
    if (wanted.size() > 1) {
      System.out.println(summary);
      status = whole ? 0 : 1;
    }
    System.exit(status);
  }

  /**
   * Its table begins with the line that names the columns and lasts while lines are long enough.
   */
  private static int run(Run run, StringBuilder summary)
      throws IOException, InterruptedException, URISyntaxException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(run.options());
    if (!run.settings().isEmpty()) {
      System.getProperties().stringPropertyNames().stream()
          .filter(name -> name.startsWith(run.settings()))
          .forEach(name -> command.add("-D" + name + "=" + System.getProperty(name)));
    }
    Path rows = Files.createTempFile("bench", ".rows");
    command.add("-D" + Verdicts.ROWS + "=" + rows);
    command.addAll(List.of("-cp", classPath(), run.main()));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    boolean table = false;
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        System.out.println(line);
        table = Verdicts.isTable(line, table);
        if (table) {
          summary.append(line).append(System.lineSeparator());
        }
      }
    }
    int status = process.waitFor();
    if (status == 0) {
      results(run.name(), Files.readAllLines(rows).stream().map(Row::ofLine).toList());
    }
    Files.delete(rows);
    return status;
  }

  /** Only within a checkout; a run that prints no figures leaves none. */
  private static void results(String name, List<Row> rows) throws IOException {
    Path docs = Path.of("src", "docs");
    if (rows.isEmpty() || !Files.isDirectory(docs)) {
      return;
    }
    Path file = docs.resolve("results.md");
    Results results = Results.read(file);
    results.put(name, rows, Machine.describe()).forEach(System.out::println);
    results.write(file);
  }

  /** Within Maven the property java.class.path is Maven's own. */
  private static String classPath() throws URISyntaxException {
    if (!(Launcher.class.getClassLoader() instanceof URLClassLoader loader)) {
      return System.getProperty("java.class.path");
    }
    StringJoiner paths = new StringJoiner(System.getProperty("path.separator"));
    for (URL url : loader.getURLs()) {
      paths.add(Path.of(url.toURI()).toString());
    }
    return paths.toString();
  }
}
