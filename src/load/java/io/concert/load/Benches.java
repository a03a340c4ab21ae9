package io.concert.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs the benchmarks one after the other, each in a process of its own, and at the end prints all
 * their figures with limits and ratios in one table. Takes about half an hour of a quiet machine.
 *
 * <p>{@code mvn -q -DskipTests package exec:exec@bench}
 */
public final class Benches {
  private static final List<String> ALL =
      List.of(
          "io.concert.queue.RoomBenches",
          "io.concert.queue.MoveBench",
          "io.concert.e2e.PollBench",
          "io.concert.e2e.CrowdBench",
          "io.concert.payment.LedgerBench",
          "io.concert.reservation.HoldBench",
          "io.concert.e2e.JourneyBench",
          "io.concert.e2e.SeatListBench",
          "io.concert.e2e.FightBench",
          "io.concert.e2e.OverloadBench");

  private Benches() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    StringBuilder summary = new StringBuilder();
    boolean whole = true;
    for (String bench : ALL) {
      System.out.println("== " + bench);
      summary.append(System.lineSeparator()).append(bench).append(System.lineSeparator());
      whole &= run(bench, summary) == 0;
    }
    System.out.println(summary);
    System.exit(whole ? 0 : 1);
  }

  /**
   * Its table begins with the line that names the columns and lasts while lines are long enough.
   */
  private static int run(String bench, StringBuilder summary)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-Djava.util.concurrent.ForkJoinPool.common.parallelism=4",
                "-cp",
                System.getProperty("java.class.path"),
                bench)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
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
