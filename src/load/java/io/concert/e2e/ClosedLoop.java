package io.concert.e2e;

import io.concert.load.Processes;
import io.concert.load.Times;
import io.concert.load.Wire;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;

/**
 * Connections of which each asks again as soon as it is answered: how many answers a second a
 * server gives. The client is on the same machine and takes its share of the processors, which is
 * told, too.
 */
final class ClosedLoop {
  private final Wire wire;
  private final List<byte[]> requests;
  private final int expected;
  private final long end;
  private final Times times = new Times();
  private int next;

  private ClosedLoop(Wire wire, List<byte[]> requests, int expected, long end) {
    this.wire = wire;
    this.requests = requests;
    this.expected = expected;
    this.end = end;
  }

  /** What one round showed. */
  record Round(long answers, double seconds, double serverNanos, double clientNanos, Times times) {
    double perSecond() {
      return answers / seconds;
    }

    double serverMicros() {
      return serverNanos / answers / 1e3;
    }

    double clientMicros() {
      return clientNanos / answers / 1e3;
    }
  }

  /**
   * @param pid the server's, for its processor time
   * @param requests sent in turns
   * @param expected the status of every answer; another one is a failure of the benchmark
   */
  static Round run(
      int port, long pid, int connections, List<byte[]> requests, int expected, Duration length) {
    try (Wire wire = new Wire(port, connections)) {
      ClosedLoop loop =
          new ClosedLoop(wire, requests, expected, System.nanoTime() + length.toNanos());
      double server = Processes.cpu(pid).toNanos();
      double client = threadNanos();
      long began = System.nanoTime();
      for (int i = 0; i < connections; i++) {
        loop.ask();
      }
      wire.finish();
      return new Round(
          loop.times.count(),
          (System.nanoTime() - began) / 1e9,
          Processes.cpu(pid).toNanos() - server,
          threadNanos() - client,
          loop.times);
    }
  }

  private static long threadNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private void ask() {
    long asked = System.nanoTime();
    next = (next + 1) % requests.size();
    wire.ask(
        requests.get(next),
        (status, bytes, from, to) -> {
          if (status != expected) {
            throw new AssertionError("answered " + status + " instead of " + expected);
          }
          long now = System.nanoTime();
          times.add(now - asked);
          if (now < end) {
            ask();
          }
        });
  }
}
