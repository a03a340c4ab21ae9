package io.concert.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Runs one benchmark, or all one after the other, each in a process of its own, and at the end
 * prints their figures with limits and ratios in one table. All take about half an hour of a quiet
 * machine.
 *
 * <p>{@code mvn -q -DskipTests package exec:exec@bench -Dbench=journeys}; without a name all.
 */
public final class Benches {
  /** What Hazelcast reaches for, which would else warn between the figures. */
  private static final List<String> OPENED =
      List.of(
          "--add-modules=java.se",
          "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
          "--add-opens=java.base/java.lang=ALL-UNNAMED",
          "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
          "--add-opens=java.management/sun.management=ALL-UNNAMED",
          "--add-opens=jdk.management/com.sun.management.internal=ALL-UNNAMED");

  /**
   * @param inAll whether it runs with the others; one that needs a browser doesn't
   */
  private record Bench(String name, String main, boolean inAll, List<String> options) {
    Bench(String name, String main) {
      this(name, main, true, List.of());
    }
  }

  private static final List<Bench> KNOWN =
      List.of(
          new Bench("room", "io.concert.queue.RoomBenches", true, List.of("-XX:+UseSerialGC")),
          new Bench("move", "io.concert.queue.MoveBench", true, OPENED),
          new Bench("poll", "io.concert.e2e.PollBench"),
          new Bench("crowd", "io.concert.e2e.CrowdBench"),
          new Bench("ledger", "io.concert.payment.LedgerBench"),
          new Bench("holds", "io.concert.reservation.HoldBench"),
          new Bench("journeys", "io.concert.e2e.JourneyBench"),
          new Bench("seats", "io.concert.e2e.SeatListBench"),
          new Bench("fight", "io.concert.e2e.FightBench"),
          new Bench("overload", "io.concert.e2e.OverloadBench"),
          new Bench(
              "events", "io.concert.payment.LedgerBench", false, List.of("-Dbench.only=events")),
          new Bench("map", "io.concert.e2e.page.SeatMapBench", false, List.of()));

  private Benches() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    List<Bench> wanted = wanted(arguments.length == 0 ? "all" : arguments[0]);
    if (wanted.isEmpty()) {
      String names = KNOWN.stream().map(Bench::name).collect(Collectors.joining(" "));
      System.err.println("No such benchmark. There are: all " + names);
      System.exit(2);
    }
    StringBuilder summary = new StringBuilder();
    boolean whole = true;
    for (Bench bench : wanted) {
      System.out.println("== " + bench.name());
      summary.append(System.lineSeparator()).append(bench.name()).append(System.lineSeparator());
      whole &= run(bench, summary) == 0;
    }
    if (wanted.size() > 1) {
      System.out.println(summary);
    }
    System.exit(whole ? 0 : 1);
  }

  private static List<Bench> wanted(String name) {
    return KNOWN.stream()
        .filter(bench -> name.equals("all") ? bench.inAll() : bench.name().equals(name))
        .toList();
  }

  /**
   * Its table begins with the line that names the columns and lasts while lines are long enough.
   */
  private static int run(Bench bench, StringBuilder summary)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx1g", "-Djava.util.concurrent.ForkJoinPool.common.parallelism=4"));
    command.addAll(bench.options());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), bench.main()));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
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
    return process.waitFor();
  }
}
