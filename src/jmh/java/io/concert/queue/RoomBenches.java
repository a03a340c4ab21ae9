package io.concert.queue;

import io.concert.load.Verdicts;
import io.concert.queue.room.WaitingRoom;
import java.lang.ref.Reference;
import java.util.HashMap;
import java.util.Map;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs {@link WaitingRoomBench}, weighs a room, and prints medians beside their limits.
 *
 * <p>{@code mvn -q -DskipTests test-compile exec:java@run -Drun=room}
 */
public final class RoomBenches {
  private static final int WEIGHINGS = 5;
  private static final double NANOS = 1e9;

  private RoomBenches() {}

  public static void main(String[] arguments) throws RunnerException {
    double bytes = bytesOfAPlace();
    Map<String, Double> nanos = new HashMap<>();
    var options =
        new OptionsBuilder()
            .include(WaitingRoomBench.class.getName())
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT)
            .build();
    for (RunResult result : new Runner(options).run()) {
      nanos.put(
          result.getPrimaryResult().getLabel(),
          result.getPrimaryResult().getStatistics().getPercentile(50));
    }
    Verdicts verdicts = new Verdicts();
    verdicts.atLeast("join", rate(nanos, "join"), 300_000, "/s");
    verdicts.atLeast("rank of a place", rate(nanos, "rank"), 1_000_000, "/s");
    verdicts.given("poll: rank, and seen", rate(nanos, "pollAndBeSeen"), "/s");
    verdicts.atLeast("one in and one out", rate(nanos, "admitAndLeave"), 300_000, "/s");
    verdicts.atMost("heap of a place, index and presence included", bytes, 64, "bytes");
    System.exit(
        verdicts.publish("%,d people waiting, one core".formatted(WaitingRoomBench.WAITING)));
  }

  private static double rate(Map<String, Double> nanos, String benchmark) {
    Double each = nanos.get(benchmark);
    if (each == null) {
      throw new AssertionError(benchmark + " wasn't measured");
    }
    return NANOS / each;
  }

  /** The room's share of the heap, by what a full collection leaves with it and without. */
  private static double bytesOfAPlace() {
    double most = 0;
    for (int i = 0; i < WEIGHINGS; i++) {
      long before = usedBytes();
      WaitingRoom room = WaitingRoomBench.filled();
      try {
        most = Math.max(most, (double) (usedBytes() - before) / WaitingRoomBench.WAITING);
      } finally {
        Reference.reachabilityFence(room);
      }
    }
    return most;
  }

  private static long usedBytes() {
    Runtime runtime = Runtime.getRuntime();
    System.gc();
    System.gc();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
