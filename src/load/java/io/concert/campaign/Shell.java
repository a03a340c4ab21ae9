package io.concert.campaign;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs short commands of the system. */
final class Shell {
  private Shell() {}

  /**
   * @throws IllegalStateException with what the command said, if it fails
   */
  static void run(String command) {
    if (exit(command, true) != 0) {
      throw new IllegalStateException("failed: " + command);
    }
  }

  static boolean works(String command) {
    return exit(command, false) == 0;
  }

  private static int exit(String command, boolean told) {
    try {
      Process process =
          new ProcessBuilder(List.of("sh", "-c", command)).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int exit = process.waitFor();
      if (exit != 0 && told) {
        System.out.println(command + "\n" + said);
      }
      return exit;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
