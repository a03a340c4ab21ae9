package io.concert.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Which processor a process may use, where the system has {@code taskset}; else any. */
final class Processors {
  static final int NODE = 0;
  static final int CLIENTS = 1;

  private Processors() {}

  /** With all of its threads, and those and the processes that it starts from now on. */
  static void pin(long pid, int processor) {
    if (Runtime.getRuntime().availableProcessors() != 2) {
      return;
    }
    try {
      Process taskset =
          new ProcessBuilder("taskset", "-acp", Integer.toString(processor), Long.toString(pid))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (taskset.waitFor() != 0) {
        System.out.println("processes share the processors");
      }
    } catch (IOException e) {
      System.out.println("processes share the processors: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException(e));
    }
  }
}
